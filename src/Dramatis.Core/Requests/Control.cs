namespace Dramatis.Requests;

/// <summary>A ControlNet and the picture that it makes the painting follow: edges, depth, a pose.</summary>
public sealed record Control
{
    /// <summary>Folder or file of the ControlNet.</summary>
    [Field(Cure = "give the folder or file of a ControlNet", Path = FieldPath.Model)]
    public required string Model { get; init; }

    /// <summary>What this ControlNet was trained to follow, at the size of the picture wanted or stretched to it.</summary>
    [Field(Cure = "name the picture to follow")]
    public required Reference Picture { get; init; }

    /// <summary>Factor on what it adds; 0 is nothing.</summary>
    [Field(Least = 0, Most = RequestRules.LargestStrength)]
    public double Scale { get; init; } = 1;

    /// <summary>The fraction of the steps from which it acts.</summary>
    public double Start { get; init; }

    /// <summary>The fraction of the steps until which it acts.</summary>
    public double End { get; init; } = 1;

    /// <summary>Guess what the picture means, without help of a prompt: acts on the positive rows only, the more the smaller the feature map.</summary>
    public bool Guess { get; init; }

    /// <summary>
    /// It is told what the method adds to the text too (MS-Diffusion's image tokens, as its published script does), not the text alone,
    /// which is what ControlNets are trained with.
    /// </summary>
    public bool SeesSubjects { get; init; }
}
