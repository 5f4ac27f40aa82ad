using System.Diagnostics.CodeAnalysis;

namespace Dramatis.Requests;

/// <summary>A file of changes to the model's weights, mostly low-rank ones (LoRA), and a factor on them.</summary>
public sealed record Lora
{
    /// <summary>For object initialisers.</summary>
    public Lora()
    {
    }

    /// <summary>A file at a scale.</summary>
    [SetsRequiredMembers]
    public Lora(string file, double scale = 1) => (File, Scale) = (file, scale);

    /// <summary>Path of the weights.</summary>
    [Field(Cure = "name a file of weights", Path = FieldPath.File)]
    public required string File { get; init; }

    /// <summary>Factor on the changes; 0 is none of them, and below they go the other way.</summary>
    [Field(Least = -RequestRules.LargestStrength, Most = RequestRules.LargestStrength)]
    public double Scale { get; init; } = 1;
}
