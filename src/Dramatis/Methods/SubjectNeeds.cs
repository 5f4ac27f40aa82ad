namespace Dramatis.Methods;

/// <summary>What a subject must bring so that a method can keep it.</summary>
internal enum SubjectNeeds
{
    /// <summary>One reference at least.</summary>
    References,

    /// <summary>A file that was learned, and no references.</summary>
    LearnedFile,
}
