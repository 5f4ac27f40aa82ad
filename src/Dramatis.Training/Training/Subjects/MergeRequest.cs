namespace Dramatis.Training.Subjects;

/// <summary>A subject that was learned by itself.</summary>
/// <param name="File">What was learned, or the folder with it.</param>
/// <param name="Kind">The words that name its kind.</param>
/// <param name="Word">What it is called from now on; null: as it was learned.</param>
public sealed record MergeSubject(string File, string Kind, string? Word = null);

/// <summary>Subjects that were learned apart and shall be one file.</summary>
public sealed record MergeRequest
{
    /// <summary>Path of the base model: what all of them were learned with.</summary>
    public required string Model { get; init; }

    /// <summary>At least two.</summary>
    public required IReadOnlyList<MergeSubject> Subjects { get; init; }

    /// <summary>Text file with a caption of other things on each line, which shall stay as they are.</summary>
    public required string Captions { get; init; }

    /// <summary>Folder for the files.</summary>
    public required string Output { get; init; }
}
