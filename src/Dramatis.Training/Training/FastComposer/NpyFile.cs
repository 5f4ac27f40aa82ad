using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;

namespace Dramatis.Training.FastComposer;

/// <summary>Label maps in files of NumPy: whole numbers in two dimensions (NEP 1, versions 1 to 3).</summary>
internal static partial class NpyFile
{
    private const string Cure = "save the label map with numpy.save as an array [height, width] of whole numbers";
    private const int MostHeader = 4096;

    // Beyond it single precision has no longer every whole number, and labels go through resizing.
    private const long MostLabel = 1 << 24;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="InvalidDataSetException">The file is missing, damaged, or no label map.</exception>
    public static LabelMap Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var layout = ReadHeader(file, path);
            var bytes = new byte[layout.Count * layout.Width];
            file.ReadExactly(bytes);
            return new(layout.Size, Labels(bytes, layout, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException(path, $"{FileProblem.Of(path, e)[..^1]}; {Cure}.", e);
        }
    }

    /// <exception cref="OutputNotWrittenException">It cannot be written.</exception>
    public static void Write(string path, LabelMap map)
    {
        var header = $"{{'descr': '<i4', 'fortran_order': False, 'shape': ({map.Size.Height}, {map.Size.Width}), }}";
        var length = ((10 + header.Length + 1 + 63) / 64 * 64) - 10;
        var bytes = new byte[10 + length + (map.Labels.Length * sizeof(int))];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)length);
        Encoding.Latin1.GetBytes(header.PadRight(length - 1) + "\n", bytes.AsSpan(10));
        foreach (var (i, label) in map.Labels.Index())
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10 + length + (i * sizeof(int))), label);
        }

        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    // Nothing is reserved for the numbers before the file is known to have them all.
    private static Layout ReadHeader(FileStream file, string path)
    {
        var start = new byte[8];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().StartsWith(Magic) || start[6] is 0 or > 3)
        {
            throw new InvalidDataSetException(path, $"is no NumPy array; {Cure}.");
        }

        var counter = new byte[start[6] == 1 ? sizeof(ushort) : sizeof(uint)];
        file.ReadExactly(counter);
        var length = counter.Length == sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(counter) : BinaryPrimitives.ReadUInt32LittleEndian(counter);
        if (length > MostHeader)
        {
            throw new InvalidDataSetException(path, $"has a header of {length:N0} bytes; {Cure}.");
        }

        var header = new byte[length];
        file.ReadExactly(header);
        var layout = Parse(Encoding.Latin1.GetString(header), path);
        var left = file.Length - file.Position;
        return left == layout.Count * layout.Width
            ? layout
            : throw new InvalidDataSetException(path, $"has {left:N0} bytes of numbers where {layout.Size} labels take {layout.Count * layout.Width:N0}; "
                + "it is damaged: make it again.");
    }

    private static Layout Parse(string header, string path)
    {
        var found = Header().Match(header);
        if (!found.Success)
        {
            throw new InvalidDataSetException(path, $"has a header that cannot be read; {Cure}.");
        }

        var type = found.Groups["type"].Value;
        if (type is not [_, 'i' or 'u', '1' or '2' or '4' or '8'])
        {
            throw new InvalidDataSetException(path, $"is an array of \"{type}\"; {Cure}.");
        }

        var sides = found.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] shape = [.. sides.Select(side => long.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0)];
        if (shape is not [> 0 and var height, > 0 and var width])
        {
            throw new InvalidDataSetException(path, $"has the shape ({string.Join(", ", sides)}); {Cure}.");
        }

        var limit = PictureLimits.Default.Pixels;
        return height <= limit && width <= limit && height * width <= limit
            ? new(new((int)width, (int)height), type[0] == '>', type[1] == 'i', type[2] - '0', found.Groups["fortran"].Value == "True")
            : throw new InvalidDataSetException(path, $"has {width}x{height} labels, more than the limit of {limit:N0}; make picture and labels smaller.");
    }

    private static int[] Labels(byte[] bytes, Layout layout, string path)
    {
        var (width, height) = (layout.Size.Width, layout.Size.Height);
        var labels = new int[width * height];
        for (var i = 0; i < labels.Length; i++)
        {
            var label = layout.Read(bytes.AsSpan((layout.ByColumn ? (i % width * height) + (i / width) : i) * layout.Width, layout.Width));
            labels[i] = label is >= -MostLabel and <= MostLabel
                ? (int)label
                : throw new InvalidDataSetException(path, $"has the label {label}; number labels up to {MostLabel:N0}.");
        }

        return labels;
    }

    [GeneratedRegex(
        @"\A\s*\{\s*'descr':\s*'(?<type>[^']*)',\s*'fortran_order':\s*(?<fortran>True|False),\s*'shape':\s*\((?<shape>[0-9, ]*)\),?\s*\}\s*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    private readonly record struct Layout(PixelSize Size, bool IsBigEndian, bool IsSigned, int Width, bool ByColumn)
    {
        public long Count => (long)Size.Width * Size.Height;

        public long Read(ReadOnlySpan<byte> bytes)
        {
            var bits = 0ul;
            for (var i = 0; i < Width; i++)
            {
                bits |= (ulong)bytes[IsBigEndian ? Width - 1 - i : i] << (8 * i);
            }

            var unused = 64 - (8 * Width);
            return IsSigned ? (long)(bits << unused) >> unused : (long)Math.Min(bits, long.MaxValue);
        }
    }
}
