using Dramatis.Requests;

namespace Dramatis.Training.Subjects;

/// <summary>How a subject is painted that was learned.</summary>
/// <param name="Words">What prompts say of it, for example <c>sks cat</c>.</param>
public sealed record LearnedPainting(string Words)
{
    /// <summary>For the request: its phrase is all of <see cref="Words"/>, or their beginning. Null where the model itself knows the subject.</summary>
    public Subject? Subject { get; init; }

    /// <summary>The model to paint with; null: the one that it was learned with.</summary>
    public string? Model { get; init; }
}
