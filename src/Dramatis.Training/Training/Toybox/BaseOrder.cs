using Dramatis.Requests;

namespace Dramatis.Training.Toybox;

/// <summary>One picture to learn: a scene of the pool, what it is called, and what is shown of its subjects.</summary>
/// <param name="Scene">Index in the pool.</param>
/// <param name="Caption">Empty when the text is dropped.</param>
/// <param name="Cast">The subjects that have a reference.</param>
internal sealed record BaseOrder(int Scene, string Caption, IReadOnlyList<OrderedSubject> Cast);

/// <summary>A subject with a reference.</summary>
/// <param name="Phrase">Empty when only the reference says what it is.</param>
/// <param name="Place">Where it stands, loosely.</param>
/// <param name="Reference">RGB bytes of a square picture, row by row.</param>
internal sealed record OrderedSubject(string Phrase, Box Place, byte[] Reference);
