using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Cones2;

/// <summary>How a residual is learned: the official script's numbers.</summary>
public sealed record Cones2Settings : LearnSettings
{
    /// <summary>λ1: how much the start of the text must stay what it was.</summary>
    [Field(Least = 0)]
    public double StartWeight { get; init; } = .01;

    /// <summary>λ2: the same of all that comes after the subject's words.</summary>
    [Field(Least = 0)]
    public double RestWeight { get; init; } = .001;

    /// <summary>Tokens that get a row, the first ones of the words; null is all. Published files have 1, whatever the words.</summary>
    [Field("So many of the words' first tokens are learned, 4 KB each in SD 2.1; all when not given.")]
    public int? Tokens { get; init; }

    /// <summary>
    /// Take the words for the first token in a caption that looks like their first one, as the official script does: words such as
    /// "photo album" are then learned at the wrong place. For comparisons with it, and nothing that a request may ask for.
    /// </summary>
    [Field(IsHidden = true)]
    public bool TakesFirstOccurrence { get; init; }
}
