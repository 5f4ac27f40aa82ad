using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods;

/// <summary>Files of residuals: what a learned subject adds to the text, a row for each token of its words.</summary>
/// <remarks>Shapes: k tokens, E text width. A file holds nothing else, so that it cannot say which model and words it was learned for.</remarks>
internal static class Residual
{
    /// <summary>Name of the file in a training's folder.</summary>
    public const string FileName = "residual.pt";

    /// <summary>The rows (k, E) of a file in any of the published layouts, in single precision.</summary>
    /// <exception cref="InvalidCheckpointException">It is missing, damaged, hostile, or no residual.</exception>
    public static Tensor Read(string path)
    {
        using var file = TensorArchive.Open(path);
        var entries = file.Tensors.Values.ToList();
        return entries is [{ Shape.Count: 1 or 2, ByteCount: > 0 } entry]
            ? file.ToFinite(entry.Name).view(-1, entry.Shape[^1])
            : throw new InvalidCheckpointException(
                path, $"is no residual: it holds {Describe(entries)}; one tensor [width] or [tokens, width] was expected.");
    }

    /// <summary>The rows of a file for a model whose text is <paramref name="width"/> wide.</summary>
    /// <exception cref="InvalidCheckpointException">It is no residual, or one of another model.</exception>
    public static Tensor Read(string path, long width)
    {
        var rows = Read(path);
        return rows.shape[1] == width
            ? rows
            : throw new InvalidCheckpointException(
                path, $"its rows are {rows.shape[1]} wide, but the text of this model is {width} wide: it was learned for another model; learn the subject "
                    + "again.");
    }

    /// <summary>What a file adds to the last token of its words (1, E), for a model whose text is <paramref name="width"/> wide; null for nothing.</summary>
    /// <param name="tokens">Of the words: a file may have rows for the first of them alone.</param>
    /// <exception cref="InvalidCheckpointException">It is no residual, or one of another model.</exception>
    public static Tensor? OfLastToken(string path, int tokens, long width)
    {
        using var rows = Read(path, width);
        return rows.shape[0] == tokens ? rows[^1..].clone() : null;
    }

    /// <summary>Writes rows (k, E) as the official file has them.</summary>
    /// <exception cref="OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Write(string path, Tensor rows) =>
        TorchWriter.WriteTensor(path, TensorLoading.ToSource("root", rows, TensorType.F32));

    private static string Describe(List<TensorEntry> entries) => entries.Count == 1
        ? $"a tensor [{string.Join(", ", entries[0].Shape)}]"
        : $"{entries.Count} tensors";
}
