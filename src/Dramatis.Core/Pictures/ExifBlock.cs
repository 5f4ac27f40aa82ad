using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Dramatis.Pictures;

/// <summary>EXIF (CIPA DC-008): a TIFF block of numbered entries. Of others' blocks the orientation is read, of ours the texts.</summary>
internal static class ExifBlock
{
    private const ushort OrientationTag = 0x0112;
    private const ushort SoftwareTag = 0x0131;
    private const ushort DetailsTag = 0x8769;    // where further entries stand
    private const ushort MakerTag = 0x927C;      // for whoever made the picture
    private const ushort CommentTag = 0x9286;    // where galleries look for the lines that say how a picture was painted

    private const ushort Ascii = 2;
    private const ushort Short = 3;
    private const ushort Long = 4;
    private const ushort Undefined = 7;

    private const int EntryLength = 12;

    private static ReadOnlySpan<byte> Own => "Dramatis\0"u8;

    /// <summary>Null where the block says nothing that can be.</summary>
    public static PictureOrientation? Orientation(ReadOnlySpan<byte> exif) =>
        TiffBlock.TryOpen(exif, out var block) && block.Find(block.First, OrientationTag) is { } at && block.Number(at) is >= 1 and <= 8 and var number
            ? (PictureOrientation)number
            : null;

    /// <summary>A block with texts by keyword.</summary>
    /// <param name="comment">The keyword of the text for people.</param>
    public static byte[] Of(IReadOnlyDictionary<string, string> texts, string comment)
    {
        byte[] software = [.. "Dramatis\0"u8];
        byte[] maker = [.. Own, .. JsonSerializer.SerializeToUtf8Bytes(texts.ToDictionary(), PictureTextContext.Default.DictionaryStringString)];
        byte[] told = texts.TryGetValue(comment, out var lines) ? [.. "UNICODE\0"u8, .. Encoding.BigEndianUnicode.GetBytes(lines)] : [];
        var details = 8 + Directory(2) + software.Length + 1;    // entries stand at even places
        var data = details + Directory(2);
        var block = new List<byte>([.. "MM\0*"u8, 0, 0, 0, 8]);
        Add(block, [.. Entry(SoftwareTag, Ascii, software.Length, 8 + Directory(2)), .. Entry(DetailsTag, Long, 1, details)]);
        block.AddRange([.. software, 0]);
        Add(block, [.. Entry(MakerTag, Undefined, maker.Length, data), .. Entry(CommentTag, Undefined, told.Length, data + maker.Length)]);
        block.AddRange([.. maker, .. told]);
        return [.. block];

        static int Directory(int entries) => 2 + (entries * EntryLength) + 4;

        static void Add(List<byte> block, byte[] entries) => block.AddRange([0, (byte)(entries.Length / EntryLength), .. entries, 0, 0, 0, 0]);
    }

    /// <summary>What <see cref="Of"/> wrote; empty for blocks of others.</summary>
    public static IReadOnlyDictionary<string, string> Texts(ReadOnlySpan<byte> exif)
    {
        if (!TiffBlock.TryOpen(exif, out var block) || block.Find(block.First, DetailsTag) is not { } details
            || block.Find(block.Number(details) ?? 0, MakerTag) is not { } maker || block.Bytes(maker) is not { } bytes || !bytes.AsSpan().StartsWith(Own))
        {
            return new Dictionary<string, string>();
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.AsSpan(Own.Length), PictureTextContext.Default.DictionaryStringString) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, string>();
        }
    }

    private static byte[] Entry(ushort tag, ushort type, int count, int place)
    {
        var entry = new byte[EntryLength];
        BinaryPrimitives.WriteUInt16BigEndian(entry, tag);
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(2), type);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(8), place);
        return entry;
    }

    /// <summary>A block in either order of bytes. What points outside of it is not there.</summary>
    private readonly ref struct TiffBlock
    {
        private readonly ReadOnlySpan<byte> bytes;
        private readonly bool isBigEndian;

        private TiffBlock(ReadOnlySpan<byte> bytes, bool isBigEndian)
        {
            this.bytes = bytes;
            this.isBigEndian = isBigEndian;
        }

        public long First => Whole(4);

        public static bool TryOpen(ReadOnlySpan<byte> bytes, out TiffBlock block)
        {
            // Some programs keep what stands before it in JPEG files.
            bytes = bytes.StartsWith(JpegContainer.ExifStart) ? bytes[JpegContainer.ExifStart.Length..] : bytes;
            block = new(bytes, bytes.StartsWith("MM\0*"u8));
            return bytes.Length >= 8 && (block.isBigEndian || bytes.StartsWith("II*\0"u8));
        }

        /// <summary>Where an entry of a directory stands.</summary>
        public int? Find(long directory, ushort tag)
        {
            if (directory < 8 || directory + 2 > bytes.Length)
            {
                return null;
            }

            var count = Half((int)directory);
            for (var at = (int)directory + 2; at + EntryLength <= bytes.Length && count > 0; at += EntryLength, count--)
            {
                if (Half(at) == tag)
                {
                    return at;
                }
            }

            return null;
        }

        /// <summary>The value of an entry that is a number.</summary>
        public long? Number(int entry) => Half(entry + 2) switch { 1 => bytes[entry + 8], Short => Half(entry + 8), Long => Whole(entry + 8), _ => null };

        /// <summary>The value of an entry that is bytes, more than four.</summary>
        public byte[]? Bytes(int entry)
        {
            var (count, place) = (Whole(entry + 4), Whole(entry + 8));
            return Half(entry + 2) == Undefined && place + count <= bytes.Length ? bytes.Slice((int)place, (int)count).ToArray() : null;
        }

        private ushort Half(int at) => isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

        private long Whole(int at) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
    }
}
