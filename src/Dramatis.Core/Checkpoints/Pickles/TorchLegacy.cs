using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>The layout of <c>torch.save</c> before PyTorch 1.6: five pickles, then the storages one after another.</summary>
/// <remarks>
/// The pickles: a magic number, the protocol 1001, facts of the machine, the contents, the storages' keys. Each storage is its
/// count of elements (8 bytes) and the values.
/// </remarks>
internal sealed class TorchLegacy : ITorchContainer
{
    private const int Protocol = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", provider: null);

    private readonly FileStream file;
    private readonly Dictionary<string, long> starts = new(StringComparer.Ordinal);

    /// <param name="file">Belongs to this object from now on.</param>
    public TorchLegacy(FileStream file)
    {
        this.file = file;
        try
        {
            CheckMagic();
            if (PickleReader.Read(file).Value is not PickleInteger { Value: var protocol } || protocol != Protocol)
            {
                throw new PickleException($"is of another version of torch.save's old layout than {Protocol}");
            }

            IsBigEndian = PickleReader.Read(file).Value is PickleMapping machine && machine.Entries.Any(
                fact => fact is { Key: PickleText { Value: "little_endian" }, Value: PickleTruth { Value: false } });
            (Contents, var storages) = PickleReader.Read(file);
            FindStorages(Distinct(storages));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Format => "torch.save (before PyTorch 1.6)";

    public PickleValue Contents { get; }

    public bool IsBigEndian { get; }

    private SafeFileHandle Handle => file.SafeFileHandle;

    public void Read(PickleStorage storage, long offset, Span<byte> destination)
    {
        var position = starts[storage.Key] + offset;
        while (destination.Length > 0)
        {
            var count = RandomAccess.Read(Handle, destination, position);
            if (count == 0)
            {
                throw new EndOfStreamException("the file has become shorter since it was opened.");
            }

            position += count;
            destination = destination[count..];
        }
    }

    public void Dispose() => file.Dispose();

    // Whatever else a file is, its first bytes are no pickle of this number, and none of its names is looked at before.
    private void CheckMagic()
    {
        if (PickleReader.Read(file).Value is not PickleInteger { Value: var magic } || magic != Magic)
        {
            throw new PickleException("is a pickle, but not one that torch.save wrote");
        }
    }

    private void FindStorages(Dictionary<string, PickleStorage> known)
    {
        if (PickleReader.Read(file).Value is not PickleSequence keys)
        {
            throw new PickleException("lacks the list of its storages");
        }

        var position = file.Position;
        Span<byte> count = stackalloc byte[8];
        foreach (var key in keys.Items)
        {
            if (key is not PickleText { Value: var name } || !known.TryGetValue(name, out var storage) || starts.ContainsKey(name))
            {
                throw new PickleException("lists a storage twice, or one that nothing refers to");
            }

            if (position + 8 + storage.ByteCount > file.Length)
            {
                throw new PickleException(
                    $"is truncated: its storage '{name}' ends at byte {position + 8 + storage.ByteCount}, but the file ends after {file.Length}. "
                + "Copy or download it again");
            }

            RandomAccess.Read(Handle, count, position);
            var elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            if (elements != storage.ByteCount / (storage.Type?.Size ?? 1))
            {
                throw new PickleException($"says two different lengths for its storage '{name}'");
            }

            starts.Add(name, position + 8);
            position += 8 + storage.ByteCount;
        }

        if (known.Keys.FirstOrDefault(key => !starts.ContainsKey(key)) is { } missing)
        {
            throw new PickleException($"lacks the storage '{missing}'. Copy or download it again");
        }
    }

    // The pickle may mention a storage several times, always with the same size.
    private static Dictionary<string, PickleStorage> Distinct(IReadOnlyList<PickleStorage> storages)
    {
        var distinct = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
        foreach (var storage in storages)
        {
            if (!distinct.TryAdd(storage.Key, storage) && distinct[storage.Key].ByteCount != storage.ByteCount)
            {
                throw new PickleException($"says two different lengths for its storage '{storage.Key}'");
            }
        }

        return distinct;
    }
}
