using System.IO.MemoryMappedFiles;
using Dramatis.Errors;
using Microsoft.Win32.SafeHandles;

namespace Dramatis.Checkpoints;

/// <summary>A memory-mapped safetensors file: opening reads the header only.</summary>
/// <remarks>
/// <see cref="Bytes"/> gives the mapped pages themselves. <see cref="Read"/> copies from the file instead: pages that were read stay
/// with the process, so that a model copied out of the map would count twice.
/// </remarks>
internal sealed unsafe class SafetensorsFile : TensorArchive
{
    private readonly SafetensorsHeader header;
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* values;
    private readonly SafeFileHandle file;

    private SafetensorsFile(string path, SafetensorsHeader header, SafeFileHandle file, MemoryMappedFile map, MemoryMappedViewAccessor view)
        : base(path)
    {
        this.header = header;
        this.file = file;
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
            var file = File.OpenHandle(path);
            try
            {
                var header = SafetensorsHeader.Parse(path, RandomAccess.GetLength(file), (offset, count) =>
                {
                    var bytes = new byte[count];
                    ReadExactly(file, offset, bytes);
                    return bytes;
                });
                var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
                return new(path, header, file, map, map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCheckpointException(path, e);
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
        try
        {
            ReadExactly(file, header.DataStart + offset, destination[..checked((int)entry.ByteCount)]);
        }
        catch (IOException e)
        {
            throw new InvalidCheckpointException(Path, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            map.Dispose();
            file.Dispose();
        }
    }

    private static void ReadExactly(SafeFileHandle file, long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
            {
                throw new EndOfStreamException("it is shorter than its header says.");
            }

            bytes = bytes[count..];
            offset += count;
        }
    }

    private (TensorEntry Entry, long Offset) Find(string name) =>
        header.Tensors.TryGetValue(name, out var found)
            ? found
            : throw HasNo(name);
}
