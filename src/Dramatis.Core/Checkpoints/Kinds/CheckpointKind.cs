namespace Dramatis.Checkpoints.Kinds;

/// <summary>What a file of weights is for, by the names in it.</summary>
/// <param name="Name">For example <c>IP-Adapter Plus</c>.</param>
/// <param name="Type">What reads it.</param>
/// <param name="TextWidth">How wide the text is that it reads; null when it reads none or that cannot be told.</param>
/// <param name="Fits">The base models it goes with, or null when that is no question or cannot be told.</param>
public sealed record CheckpointKind(string Name, CheckpointType Type, long? TextWidth = null, string? Fits = null)
{
    /// <summary>The method whose adapter it is, as requests name it; null for what is none.</summary>
    public string? Method { get; init; }

    /// <summary>The name, with the base models it goes with where they are known.</summary>
    internal string Title => Fits is null ? Name : $"{Name}, for {Fits}";

    /// <summary>Whether it is a base model in a single file.</summary>
    public bool IsBaseModel => Type is CheckpointType.Sd15File or CheckpointType.Sd21File or CheckpointType.SdxlFile;

    /// <summary>The kind of a file, of which no weights are read; null when the names are of no kind known here.</summary>
    /// <exception cref="Errors.InvalidCheckpointException">It is missing, damaged, hostile, or of no known format.</exception>
    public static CheckpointKind? Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var archive = TensorArchive.Open(path);
        return Of(archive);
    }

    /// <summary>Null when the names are of no kind known here.</summary>
    internal static CheckpointKind? Of(TensorArchive archive) => CheckpointReport.Training(archive) ?? CheckpointReport.RuleOf(archive)?.ToKind(archive);

    /// <summary>The published base models whose text is so wide; null when there are none.</summary>
    public static string? FamilyOf(long textWidth) => textWidth switch
    {
        768 => FamilyNames.Sd15,
        1024 => FamilyNames.Sd21,
        2048 => FamilyNames.Sdxl,
        _ => null,
    };

    /// <summary>What a base model is called by the width of its text.</summary>
    public static string BaseOf(long textWidth) => FamilyOf(textWidth) ?? $"a base model whose text is {textWidth} wide";
}
