namespace Dramatis.Server.Storage;

/// <summary>A saved subject.</summary>
internal sealed class CastRow
{
    /// <summary>A UUID of version 7: in the order of time.</summary>
    public required string Id { get; init; }

    public required string Owner { get; init; }

    /// <summary>What requests name it by; its owner has no other of that name.</summary>
    public required string Name { get; set; }

    /// <summary>The words of prompts that mean it, which name its kind too.</summary>
    public required string Phrase { get; set; }

    /// <summary>Blobs, with spaces between them.</summary>
    public required string Pictures { get; set; }

    /// <summary>None, or as many as pictures.</summary>
    public required string Masks { get; set; }

    public required long Created { get; init; }

    public IReadOnlyList<string> PictureIds => ListOf(Pictures);

    public IReadOnlyList<string> MaskIds => ListOf(Masks);

    public static string TextOf(IEnumerable<string> blobs) => string.Join(' ', blobs);

    private static string[] ListOf(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What a training has learned of a subject.</summary>
internal sealed class LearnedRow
{
    /// <summary>The training.</summary>
    public required string Job { get; init; }

    /// <summary>What it is called where blobs lie: the SHA-256 of a file, or the training's id for a folder.</summary>
    public required string Id { get; init; }

    public required string Cast { get; init; }

    public required string Owner { get; init; }

    public required string Method { get; init; }

    /// <summary>The base model that it goes with.</summary>
    public required string Model { get; init; }

    /// <summary>What prompts say of the subject.</summary>
    public required string Words { get; init; }

    /// <summary>The subject's phrase, all or the beginning of <see cref="Words"/>; null for a model of its own, which knows the subject itself.</summary>
    public required string? Phrase { get; init; }

    public required long Created { get; init; }
}
