using System.Text.Json.Serialization;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.TextualInversion;

/// <summary>How a word is learned.</summary>
public sealed record TextualInversionSettings : LearnSettings
{
    /// <summary>Rows of the word: more hold more, and take more of the prompt.</summary>
    public int Vectors { get; init; } = 1;

    /// <summary>The pictures share a style, which is what is learned; the kind is what its word begins as.</summary>
    public bool Style { get; init; }
}

[JsonSerializable(typeof(TextualInversionSettings))]
internal sealed partial class TextualInversionJson : JsonSerializerContext;
