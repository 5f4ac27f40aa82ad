namespace Dramatis.Requests;

/// <summary>A file of what was learned of a subject. A path by itself is one too: what it holds says of what kind it is.</summary>
/// <param name="Path">Of a residual (Cones 2), of weights (LoRA, Custom Diffusion, Cones) or of a word (Textual Inversion).</param>
/// <param name="Kind">To be told only of files of bare rows, which may be a residual or a word.</param>
public sealed record LearnedFile(string Path, LearnedKind Kind = LearnedKind.AsTheFileSays)
{
    /// <summary>A file of which its names say what it is.</summary>
    public static implicit operator LearnedFile(string path) => new(path);
}

/// <summary>What a file of bare rows is read as.</summary>
public enum LearnedKind
{
    /// <summary>What the names in it stand for: one nameless tensor is a residual, named rows are a word.</summary>
    AsTheFileSays,

    /// <summary>What Cones 2 adds to the text of the subject's words.</summary>
    Residual,

    /// <summary>A word of Textual Inversion, which stands in the prompt instead of the subject's phrase.</summary>
    Embedding,
}
