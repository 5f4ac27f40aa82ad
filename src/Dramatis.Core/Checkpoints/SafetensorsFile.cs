using System.IO.MemoryMappedFiles;
using Dramatis.Errors;

namespace Dramatis.Checkpoints;

/// <summary>A memory-mapped safetensors file: opening reads the header only, values come from the mapped pages.</summary>
public sealed unsafe class SafetensorsFile : TensorArchive
{
    private readonly SafetensorsHeader header;
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* values;

    private SafetensorsFile(string path, SafetensorsHeader header, MemoryMappedFile map, MemoryMappedViewAccessor view)
        : base(path)
    {
        this.header = header;
        this.map = map;
        this.view = view;
        Tensors = header.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Entry, StringComparer.Ordinal);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        values = start + view.PointerOffset + header.DataStart;
    }

    public override string Format => "safetensors";

    public override IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    public override IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="InvalidCheckpointException">It is missing, unreadable, truncated or malformed.</exception>
    public static new SafetensorsFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var header = SafetensorsHeader.Parse(path, stream.Length, (offset, count) =>
            {
                var bytes = new byte[count];
                stream.Position = offset;
                stream.ReadExactly(bytes);
                return bytes;
            });
            var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            return new(path, header, map, map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCheckpointException(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The mapped bytes of one tensor, valid until the file is disposed.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var (entry, offset) = Find(name);
        return new(values + offset, checked((int)entry.ByteCount));
    }

    public override void Read(string name, Span<byte> destination)
    {
        var (entry, offset) = Find(name);
        new ReadOnlySpan<byte>(values + offset, checked((int)entry.ByteCount)).CopyTo(destination);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            map.Dispose();
        }
    }

    private (TensorEntry Entry, long Offset) Find(string name) =>
        header.Tensors.TryGetValue(name, out var found)
            ? found
            : throw new InvalidCheckpointException(Path, $"has no tensor '{name}'.");
}
