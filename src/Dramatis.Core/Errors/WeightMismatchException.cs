namespace Dramatis.Errors;

/// <summary>A weights file does not fit the network it was opened for.</summary>
public sealed class WeightMismatchException : DramatisException
{
    /// <summary>Names what a file lacks, what it has too much, and whose shape differs.</summary>
    public WeightMismatchException(
        string path,
        IReadOnlyList<string> missing,
        IReadOnlyList<string> unexpected,
        IReadOnlyList<string> misshapen)
        : base($"{path} does not fit: {Describe(missing, unexpected, misshapen)}. Is it the file of another model?")
    {
        Path = path;
        Missing = missing;
        Unexpected = unexpected;
        Misshapen = misshapen;
    }

    /// <summary>The file of weights, as it was given.</summary>
    public string Path { get; }

    /// <summary>Weights of the network that the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Tensors of the file that the network has no place for, named as in the file.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Weights of another shape, each with both shapes.</summary>
    public IReadOnlyList<string> Misshapen { get; }

    private static string Describe(params IReadOnlyList<string>[] kinds)
    {
        string[] words = ["missing", "left over", "of another shape"];
        return string.Join(", ", kinds.Zip(words).Where(kind => kind.First.Count > 0).Select(kind =>
            $"{kind.First.Count} {(kind.First.Count == 1 ? "tensor is" : "tensors are")} {kind.Second} (first: {kind.First[0]})"));
    }
}
