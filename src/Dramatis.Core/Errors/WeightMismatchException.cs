namespace Dramatis.Errors;

/// <summary>A weights file does not fit the network it was opened for.</summary>
public sealed class WeightMismatchException : DramatisException
{
    /// <summary>Names what a file lacks, what it has too much, and whose shape differs.</summary>
    /// <param name="path">The file of weights, as it was given.</param>
    /// <param name="missing">Weights of the network that the file lacks.</param>
    /// <param name="unexpected">Tensors of the file that the network has no place for.</param>
    /// <param name="misshapen">Weights of another shape, each with both shapes.</param>
    /// <param name="kind">What the file is by its names, where that is known.</param>
    public WeightMismatchException(
        string path,
        IReadOnlyList<string> missing,
        IReadOnlyList<string> unexpected,
        IReadOnlyList<string> misshapen,
        string? kind = null)
        : base($"{path} does not fit: {Describe(missing, unexpected, misshapen)}. {Advice(missing, unexpected, misshapen, kind)}")
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

    /// <summary>Refuses a file that holds what has no place.</summary>
    /// <param name="leftOver">In any order.</param>
    internal static void ThrowIfAny(string path, IEnumerable<string> leftOver)
    {
        string[] names = [.. leftOver.Order(StringComparer.Ordinal)];
        if (names.Length > 0)
        {
            throw new WeightMismatchException(path, [], names, []);
        }
    }

    // Only shapes tell another model; names tell another kind of file, or one that is not whole.
    private static string Advice(IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<string> misshapen, string? kind) =>
        misshapen.Count > 0 ? $"Is it the file of another model?{(kind is null ? "" : $" By its names it is: {kind}.")}"
        : kind is not null ? $"By its names it is: {kind}."
        : unexpected.Count == 0 ? "It was not saved or not copied whole; get it again."
        : missing.Count == 0 ? "'dramatis inspect' says what they are; a file without them is read."
        : "'dramatis inspect' says what is in it.";

    private static string Describe(params IReadOnlyList<string>[] kinds)
    {
        string[] words = ["missing", "left over", "of another shape"];
        return string.Join(", ", kinds.Zip(words).Where(kind => kind.First.Count > 0).Select(kind =>
            $"{kind.First.Count} {(kind.First.Count == 1 ? "tensor is" : "tensors are")} {kind.Second} (first: {kind.First[0]})"));
    }
}
