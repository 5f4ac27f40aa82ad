using Dramatis.Requests;

namespace Dramatis.Server.Api;

/// <summary>A subject to be saved.</summary>
internal sealed record CastOrder
{
    public const int LongestName = 100;

    [Field("What requests name it by.", Cure = "give it a name", Most = LongestName)]
    public required string Name { get; init; }

    [Field("The words of prompts that mean it, which say what it is: \"cat\"; the name when not given.", Most = RequestRules.LongestPrompt)]
    public string? Phrase { get; init; }

    [Field(Cure = "give at least one picture of it", Most = MostPictures)]
    public required IReadOnlyList<Reference> Pictures { get; init => field = new ValueList<Reference>(value); }

    [Field(Most = MostPictures)]
    public IReadOnlyList<Reference> Masks { get; init => field = new ValueList<Reference>(value); } = ValueList<Reference>.Empty;

    private const int MostPictures = 100;
}

/// <summary>What of a saved subject is to be changed.</summary>
internal sealed record CastPatch
{
    [Field("What requests name it by.", Most = CastOrder.LongestName)]
    public string? Name { get; init; }

    [Field("The words of prompts that mean it.", Most = RequestRules.LongestPrompt)]
    public string? Phrase { get; init; }

    public IReadOnlyList<Reference>? Pictures { get; init; }

    public IReadOnlyList<Reference>? Masks { get; init; }
}
