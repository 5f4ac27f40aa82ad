using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Training.Toybox;

/// <summary>One picture to learn: a scene of the pool, what it is called, and what is shown of its subjects.</summary>
/// <param name="Scene">Index in the pool.</param>
/// <param name="Caption">Empty when the text is dropped.</param>
/// <param name="Cast">The subjects that have a reference.</param>
internal sealed record BaseOrder(int Scene, string Caption, IReadOnlyList<OrderedSubject> Cast)
{
    /// <summary>The words that are held in places; none where the caption alone says what is there.</summary>
    public IReadOnlyList<PlacedWords> Words { get; init; } = [];
}

/// <summary>A subject with a reference.</summary>
/// <param name="Phrase">Empty when only the reference says what it is.</param>
/// <param name="Place">Where it stands, loosely.</param>
/// <param name="Reference">RGB bytes of a square picture, row by row.</param>
/// <param name="IsLaid">Whether the reference is laid into the place too, where the adapter has a collage.</param>
internal sealed record OrderedSubject(string Phrase, Box Place, byte[] Reference, bool IsLaid = true);

/// <summary>Words of a caption that are held where their subject stands.</summary>
/// <param name="Words">Where they are in the caption.</param>
/// <param name="Place">Where it stands, loosely.</param>
/// <param name="Shown">The picture that says what the words mean; null where they say it themselves.</param>
internal sealed record PlacedWords(Range Words, Box Place, ShownWord? Shown = null);

/// <summary>A picture in a word's place, whatever the word is.</summary>
/// <param name="Picture">The subject, its sides as in the scene or stretched to a square.</param>
/// <param name="Name">What the subject is called.</param>
internal sealed record ShownWord(Picture Picture, string Name);
