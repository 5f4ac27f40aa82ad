using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.RegularExpressions;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>The layout of <c>torch.save</c> since PyTorch 1.6: a zip with <c>data.pkl</c>, and <c>data/KEY</c> for each storage.</summary>
/// <remarks>Nothing is extracted. What the directory claims must equal what the pickle claims before a byte is read.</remarks>
internal sealed partial class TorchZip : ITorchContainer
{
    private const int NewestVersion = 3;

    // A pickle is text and small numbers; a compressor makes it five to ten times smaller.
    private const int MaxExpansion = 100;

    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly string root;

    /// <param name="file">Belongs to this object from now on.</param>
    public TorchZip(FileStream file)
    {
        zip = OpenZip(file);
        try
        {
            foreach (var entry in zip.Entries)
            {
                Add(entry);
            }

            root = Root();
            CheckVersion();
            IsBigEndian = ReadText("byteorder") == "big";
            (Contents, var storages) = PickleReader.Read(new MemoryStream(ReadPickle()));
            foreach (var storage in storages)
            {
                Check(storage);
            }
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    public string Format => "torch.save (zip)";

    public PickleValue Contents { get; }

    public bool IsBigEndian { get; }

    public void Read(PickleStorage storage, long offset, Span<byte> destination)
    {
        var entry = Entry($"data/{storage.Key}")!;
        using var stream = entry.Open();
        Skip(stream, offset);
        stream.ReadExactly(destination);

        // Some writers leave the sum out.
        if (destination.Length == entry.Length && entry.Crc32 != 0 && Crc32.HashToUInt32(destination) != entry.Crc32)
        {
            throw new PickleException($"is damaged: the bytes of its storage '{storage.Key}' do not match their check sum. Copy or download it again");
        }
    }

    public void Dispose() => zip.Dispose();

    private static ZipArchive OpenZip(FileStream file)
    {
        try
        {
            return new(file, ZipArchiveMode.Read);
        }
        catch (InvalidDataException)
        {
            file.Dispose();
            throw new PickleException("is truncated: it begins as a zip, but the directory at its end is missing or damaged. Copy or download it again");
        }
    }

    private void Add(ZipArchiveEntry entry)
    {
        if (entry.IsEncrypted)
        {
            throw new PickleException($"is encrypted ('{entry.FullName}')");
        }

        if (UnsafePath().IsMatch(entry.FullName))
        {
            throw new PickleException($"has the entry '{entry.FullName}', which points outside; nothing was extracted");
        }

        if (!entries.TryAdd(entry.FullName, entry))
        {
            throw new PickleException($"has two entries named '{entry.FullName}'");
        }
    }

    private string Root()
    {
        var pickles = entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList();
        if (pickles.Count != 1)
        {
            throw new PickleException("is a zip without a data.pkl: torch.save did not write it");
        }

        var folder = pickles[0][..^"data.pkl".Length];
        return entries.ContainsKey($"{folder}constants.pkl")
            ? throw new PickleException("is a TorchScript program, not a file of weights")
            : folder;
    }

    private void CheckVersion()
    {
        var text = ReadText("version") ?? ReadText(".data/version");
        if (text is not null && (!int.TryParse(text, out var version) || version > NewestVersion))
        {
            throw new PickleException($"has the archive version {text}; the newest known is {NewestVersion}");
        }
    }

    private string? ReadText(string name)
    {
        const int longest = 64;
        return Entry(name) is { } entry
            ? entry.Length <= longest
                ? Encoding.ASCII.GetString(ReadWhole(entry)).Trim()
                : throw new PickleException($"has a {name} of {entry.Length} bytes, which is no {name}")
            : null;
    }

    private byte[] ReadPickle()
    {
        var entry = Entry("data.pkl")!;
        return entry.Length > PickleInput.MaxLength || entry.Length > MaxExpansion * Math.Max(entry.CompressedLength, 1)
            ? throw new PickleException($"has a data.pkl of {entry.Length} bytes from {entry.CompressedLength} compressed ones, which no checkpoint needs")
            : ReadWhole(entry);
    }

    private void Check(PickleStorage storage)
    {
        var entry = Entry($"data/{storage.Key}")
            ?? throw new PickleException($"lacks the storage '{storage.Key}'. Copy or download it again");
        if (entry.Length != storage.ByteCount)
        {
            throw new PickleException($"has {entry.Length} bytes for the storage '{storage.Key}', which needs {storage.ByteCount}");
        }
    }

    private ZipArchiveEntry? Entry(string name) => entries.GetValueOrDefault(root + name);

    private static byte[] ReadWhole(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Position += count;
            return;
        }

        Span<byte> thrown = stackalloc byte[4096];
        while (count > 0)
        {
            var step = (int)Math.Min(count, thrown.Length);
            stream.ReadExactly(thrown[..step]);
            count -= step;
        }
    }

    [GeneratedRegex(@"^[/\\]|\\|:|(^|/)\.\.(/|$)")]
    private static partial Regex UnsafePath();
}
