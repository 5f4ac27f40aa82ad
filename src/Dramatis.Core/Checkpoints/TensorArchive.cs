using Dramatis.Errors;

namespace Dramatis.Checkpoints;

/// <summary>A file of named tensors, open for reading. Values are read one tensor at a time.</summary>
public abstract class TensorArchive : IDisposable
{
    protected TensorArchive(string path) => Path = path;

    public string Path { get; }

    /// <summary>Free text of the file's author; empty when the format has none.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>All tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Copies one tensor's values, contiguous, row-major, little-endian.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="destination">At least <see cref="TensorEntry.ByteCount"/> bytes.</param>
    /// <exception cref="InvalidCheckpointException">The file has no such tensor, or it cannot be read.</exception>
    public abstract void Read(string name, Span<byte> destination);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
