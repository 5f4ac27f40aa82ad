using Dramatis.Requests;

namespace Dramatis.Training.Subjects;

/// <summary>One thing to learn: what kind of thing it is, its pictures, and what it shall be called.</summary>
public sealed record LearnSubject
{
    /// <summary>The words that name its kind, for example <c>cat</c>.</summary>
    [Field(Cure = "give the words that name its kind, for example \"cat\"")]
    public required string Kind { get; init; }

    /// <summary>
    /// Picture files, and folders of which all pictures count. Beside a picture <c>tom.jpg</c> of a folder its mask <c>tom.mask.png</c> may lie; without one, a
    /// picture's alpha is its mask.
    /// </summary>
    [Field(Cure = "name pictures of the subject, or a folder with them")]
    public required IReadOnlyList<Reference> References { get; init => field = new ValueList<Reference>(value); }

    /// <summary>None, or one for each reference, which are no folders then: bright where the subject is.</summary>
    public IReadOnlyList<Reference> ReferenceMasks { get; init => field = new ValueList<Reference>(value); } = ValueList<Reference>.Empty;

    /// <summary>Means the subject in prompts; null: the method's usual one.</summary>
    public string? Word { get; init; }

    /// <summary>What the word begins as; null: as the method chooses.</summary>
    public string? Initializer { get; init; }
}
