using System.Buffers.Binary;

namespace Dramatis.Pictures;

/// <summary>The size of a JPEG and its colour components (ITU-T T.81, section B.2.2).</summary>
/// <param name="Units">How many groups of blocks, of all components together, stand side by side and one below another.</param>
internal sealed record JpegFrame(bool IsProgressive, (int Across, int Down) Units, IReadOnlyList<JpegFrame.Part> Parts)
{
    private const int Side = 8;

    /// <summary>Null for what is not read here: samples of more than 8 bits, or a height that stands elsewhere.</summary>
    public static JpegFrame? Read(ReadOnlySpan<byte> segment, bool isProgressive)
    {
        if (segment.Length < 6 || segment[0] != 8 || segment.Length < 6 + (3 * segment[5]))
        {
            return null;
        }

        var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
        var sampling = new (byte Id, int H, int V)[segment[5]];
        for (var i = 0; i < sampling.Length; i++)
        {
            var part = segment[(6 + (3 * i))..];
            sampling[i] = (part[0], part[1] >> 4, part[1] & 0x0F);
        }

        if (height == 0 || width == 0 || sampling.Length == 0 || Array.Exists(sampling, part => part.H is 0 or > 4 || part.V is 0 or > 4))
        {
            return null;
        }

        var (most, mostDown) = (sampling.Max(part => part.H), sampling.Max(part => part.V));
        return new(
            isProgressive,
            (Ceiling(width, Side * most), Ceiling(height, Side * mostDown)),
            [.. sampling.Select(part => new Part(
                part.Id,
                part.H * part.V,
                Ceiling(Ceiling(width * part.H, most), Side) * Ceiling(Ceiling(height * part.V, mostDown), Side),
                isProgressive))]);
    }

    private static int Ceiling(int number, int by) => (number + by - 1) / by;

    /// <summary>A component.</summary>
    /// <param name="BlocksInUnit">Where several components share a scan.</param>
    /// <param name="Blocks">Where it has a scan for itself.</param>
    internal sealed record Part(byte Id, int BlocksInUnit, int Blocks, bool IsProgressive)
    {
        /// <summary>Which coefficients of each block are known not to be zero; null where nothing asks.</summary>
        public ulong[]? NonZero { get; } = IsProgressive ? new ulong[Blocks] : null;

        /// <summary>How many low bits of each coefficient no scan has brought yet; all at first.</summary>
        public int[] Missing { get; } = [.. Enumerable.Repeat(int.MaxValue, 64)];
    }
}

/// <summary>A scan: a band of coefficients of one component or of several (section B.2.3).</summary>
/// <param name="First">The first coefficient, in zigzag order.</param>
/// <param name="IsRefinement">Whether it brings one more bit of what is known.</param>
/// <param name="LowBits">How many bits of each coefficient it leaves to later scans.</param>
internal sealed record JpegScan(JpegFrame Frame, IReadOnlyList<JpegScan.Part> Parts, int First, int Last, bool IsRefinement, int LowBits)
{
    /// <summary>Groups of blocks; of a component alone, blocks.</summary>
    public int Units => Parts.Count == 1 ? Parts[0].Frame.Blocks : Frame.Units.Across * Frame.Units.Down;

    /// <summary>Null when it names what is not there.</summary>
    public static JpegScan? Read(ReadOnlySpan<byte> segment, JpegFrame frame, JpegCode?[] dc, JpegCode?[] ac)
    {
        if (segment.Length < 1 || segment.Length < 4 + (2 * segment[0]) || segment[0] == 0)
        {
            return null;
        }

        var parts = new List<Part>();
        for (var i = 0; i < segment[0]; i++)
        {
            var (id, codes) = (segment[1 + (2 * i)], segment[2 + (2 * i)]);
            if (frame.Parts.FirstOrDefault(part => part.Id == id) is not { } part)
            {
                return null;
            }

            parts.Add(new(part, dc[codes >> 4 & 3], ac[codes & 3]));
        }

        var rest = segment[(1 + (2 * segment[0]))..];
        JpegScan scan = frame.IsProgressive
            ? new(frame, parts, rest[0], rest[1], rest[2] >> 4 > 0, rest[2] & 0x0F)
            : new(frame, parts, 0, 63, IsRefinement: false, 0);
        return scan.IsSound ? scan : null;
    }

    /// <summary>Notes what it has brought.</summary>
    public void Note()
    {
        foreach (var part in Parts)
        {
            part.Frame.Missing.AsSpan(First, Last - First + 1).Fill(LowBits);
        }
    }

    // Bands beside the first coefficient are of one component alone.
    private bool IsSound => First <= Last && Last < 64
        && (!Frame.IsProgressive || (First == 0 ? Last == 0 : Parts.Count == 1))
        && Parts.All(part => (part.Dc is not null || First > 0 || IsRefinement) && (part.Ac is not null || Last == 0));

    /// <summary>A component, with the codes that the scan reads it by.</summary>
    internal sealed record Part(JpegFrame.Part Frame, JpegCode? Dc, JpegCode? Ac)
    {
        public int BlocksIn(JpegScan scan) => scan.Parts.Count == 1 ? 1 : Frame.BlocksInUnit;
    }
}
