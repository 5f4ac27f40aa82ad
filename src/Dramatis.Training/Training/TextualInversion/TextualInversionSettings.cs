using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.TextualInversion;

/// <summary>How a word is learned.</summary>
public sealed record TextualInversionSettings : LearnSettings
{
    /// <summary>Rows of the word: more hold more, and take more of the prompt.</summary>
    [Field("Rows of the word: more hold more, and take more of the prompt.", Least = 1)]
    public int Vectors { get; init; } = 1;

    /// <summary>The pictures share a style, which is what is learned; the kind is what its word begins as.</summary>
    [Field("The pictures share a style, which is what is learned, and --subject is what it begins as.")]
    public bool Style { get; init; }
}
