using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Dramatis.Pictures;

/// <summary>Text chunks of PNG files (PNG specification 11.3.3: tEXt, zTXt and iTXt).</summary>
internal static class PngText
{
    private const int LongestText = 16 << 20;

    /// <summary>What every PNG file begins with.</summary>
    public static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>The file with the chunks added after its header; tEXt where Latin-1 is enough, iTXt otherwise.</summary>
    public static byte[] Insert(byte[] png, IReadOnlyDictionary<string, string> text) =>
        Insert(png, [.. text.Select(pair => Chunk(pair.Key, pair.Value))]);

    internal static byte[] Insert(byte[] png, IReadOnlyList<(string Type, byte[] Data)> chunks)
    {
        const int afterHeader = 8 + 25;    // signature and IHDR
        using var result = new MemoryStream(png.Length + 1024);
        result.Write(png, 0, afterHeader);
        foreach (var (type, data) in chunks)
        {
            WriteChunk(result, type, data);
        }

        result.Write(png.AsSpan(afterHeader));
        return result.ToArray();
    }

    /// <summary>All text chunks of a PNG file by keyword, the first of each; empty for other files.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> png)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!png.StartsWith(Signature))
        {
            return found;
        }

        for (var rest = png[8..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
            {
                break;
            }

            if (Parse(Encoding.ASCII.GetString(rest[4..8]), rest[8..(8 + (int)length)]) is (var keyword, var text))
            {
                found.TryAdd(keyword, text);
            }

            rest = rest[(12 + (int)length)..];
        }

        return found;
    }

    private static (string Type, byte[] Data) Chunk(string keyword, string text)
    {
        var latin = text.All(letter => letter is '\n' or (>= ' ' and <= '~') or (>= '\u00a1' and <= '\u00ff'));
        return latin
            ? ("tEXt", Encoding.Latin1.GetBytes($"{keyword}\0{text}"))
            : ("iTXt", [.. Encoding.Latin1.GetBytes($"{keyword}\0\0\0\0\0"), .. Encoding.UTF8.GetBytes(text)]);
    }

    private static (string Keyword, string Text)? Parse(string type, ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)0);
        if (type is not ("tEXt" or "zTXt" or "iTXt") || end < 1)
        {
            return null;
        }

        var keyword = Encoding.Latin1.GetString(data[..end]);
        var rest = data[(end + 1)..];
        return type switch
        {
            "tEXt" => (keyword, Encoding.Latin1.GetString(rest)),
            "zTXt" => Inflate(rest[Math.Min(1, rest.Length)..]) is { } bytes ? (keyword, Encoding.Latin1.GetString(bytes)) : null,
            _ => ParseInternational(rest) is { } text ? (keyword, text) : null,
        };
    }

    // Compression flag, compression method, language 0, translated keyword 0, text.
    private static string? ParseInternational(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
        {
            return null;
        }

        var text = data[2..];
        for (var zeros = 0; zeros < 2; zeros++)
        {
            var end = text.IndexOf((byte)0);
            if (end < 0)
            {
                return null;
            }

            text = text[(end + 1)..];
        }

        return data[0] == 0 ? Encoding.UTF8.GetString(text) : Inflate(text) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static byte[]? Inflate(ReadOnlySpan<byte> compressed)
    {
        try
        {
            using var source = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
            var bytes = new byte[LongestText];
            var length = source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length < bytes.Length ? bytes[..length] : null;    // longer than any request: not ours
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void WriteChunk(Stream stream, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        stream.Write(number);
    }
}
