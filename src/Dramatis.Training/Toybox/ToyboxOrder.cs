using System.Text.RegularExpressions;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Toybox;

/// <summary>One order of the bench: what a painter is told, and what the judge needs to know.</summary>
internal sealed record ToyboxOrder
{
    /// <summary>Counts the orders of one set from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Seed of the painter's noise.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Names every subject by its phrase, and the scene.</summary>
    public required string Prompt { get; init; }

    /// <summary>Empty when the order is by name only.</summary>
    public required IReadOnlyList<ToyboxOrderSubject> Subjects { get; init; }

    /// <summary>Whether the painter is not told of places: then subjects are looked for all over the picture.</summary>
    public bool IsAnywhere { get; init; }

    /// <summary>The subject that the prompt names when nothing else says what to paint.</summary>
    public ToyboxName? Named { get; init; }

    /// <summary>The ground that the prompt names, an index of <see cref="Backgrounds.Kinds"/>.</summary>
    public required int Background { get; init; }

    /// <summary>The picture that the subjects' own cut-outs make: nothing paints better.</summary>
    public required Picture Composed { get; init; }

    /// <summary>Which of its pixels show subjects, row-major.</summary>
    public required bool[] Inside { get; init; }

    /// <summary>The composed picture without its subjects.</summary>
    public required Picture Empty { get; init; }

    /// <summary>Where the prompt names one of its subjects.</summary>
    public Range PhraseOf(ToyboxOrderSubject subject)
    {
        var at = Regex.Match(Prompt, $@"\b{Regex.Escape(subject.Phrase)}\b").Index;
        return at..(at + subject.Phrase.Length);
    }
}

/// <summary>A subject that words alone mean.</summary>
/// <param name="Subject">Index in the bank.</param>
/// <param name="Phrase">Those words.</param>
internal sealed record ToyboxName(int Subject, string Phrase);

/// <summary>One subject of an order.</summary>
/// <param name="Subject">Index in the bank.</param>
/// <param name="Phrase">The words of the prompt that mean it.</param>
/// <param name="Reference">The subject on a plain ground, filling the square; turned and mirrored unlike in the composed picture.</param>
/// <param name="Place">Where it should stand.</param>
/// <param name="Tight">The box of its visible pixels in the composed picture; the place itself unless places are loose.</param>
internal sealed record ToyboxOrderSubject(int Subject, string Phrase, Picture Reference, Box Place, Box Tight)
{
    /// <summary>More pictures of it, each turned and lit in its own way.</summary>
    public IReadOnlyList<Picture> Further { get; init; } = [];
}
