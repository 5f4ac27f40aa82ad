using Dramatis.Errors;

namespace Dramatis.Checkpoints;

/// <summary>A file of named tensors, open for reading. Values are read one tensor at a time.</summary>
internal abstract class TensorArchive : IDisposable
{
    protected TensorArchive(string path) => Path = path;

    public string Path { get; }

    /// <summary>All files that hold its values.</summary>
    public virtual IReadOnlyList<string> Files => [Path];

    /// <summary>What the file is, for people: for example <c>safetensors</c>.</summary>
    public abstract string Format { get; }

    /// <summary>Free text of the file's author; empty when the format has none.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>All tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Copies one tensor's values, contiguous, row-major, little-endian.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="destination">At least <see cref="TensorEntry.ByteCount"/> bytes.</param>
    /// <exception cref="InvalidCheckpointException">The file has no such tensor, or it cannot be read.</exception>
    public abstract void Read(string name, Span<byte> destination);

    /// <summary>What is thrown where a tensor is wanted that the file does not have.</summary>
    public InvalidCheckpointException HasNo(string name) => new(Path, $"has no tensor '{name}'.");

    /// <summary>One side of a tensor's shape, for networks whose sizes nothing but their weights say.</summary>
    /// <param name="rank">How many dimensions it must have.</param>
    /// <param name="kind">What the file is taken for, for the message.</param>
    /// <exception cref="InvalidCheckpointException">There is no such tensor, or it has another rank.</exception>
    public int SideOf(string name, int dimension, int rank, string kind) =>
        Tensors.TryGetValue(name, out var entry) && entry.Shape.Count == rank && entry.Shape[dimension] is > 0 and <= int.MaxValue
            ? (int)entry.Shape[dimension]
            : throw new InvalidCheckpointException(Path, $"is no {kind}: it lacks '{name}' with {rank} dimensions.");

    /// <summary>How many layers a file has in a row, from 0 on.</summary>
    /// <param name="nameOf">A tensor that each layer has.</param>
    public int CountLayers(Func<int, string> nameOf)
    {
        var count = 0;
        while (Tensors.ContainsKey(nameOf(count)))
        {
            count++;
        }

        return count;
    }

    /// <summary>Opens a file in whichever known format its bytes are; its name does not matter, except that an index of shards ends in <c>.json</c>.</summary>
    /// <exception cref="InvalidCheckpointException">It is missing, damaged, hostile, or of no known format.</exception>
    public static TensorArchive Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidCheckpointException(path, "is a folder; give one of the files in it.");
        }

        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return ShardedArchive.Open(path);
        }

        return FormatOf(path) is CheckpointFormat.TorchZip or CheckpointFormat.TorchLegacy
            ? PickleFile.Open(path)
            : SafetensorsFile.Open(path);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private static CheckpointFormat FormatOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return CheckpointFormats.Of(CheckpointFormats.Start(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCheckpointException(path, e);
        }
    }
}
