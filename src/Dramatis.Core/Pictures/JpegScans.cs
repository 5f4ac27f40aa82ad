using System.Buffers.Binary;

namespace Dramatis.Pictures;

/// <summary>Whether all coefficients of a JPEG are in its file (ITU-T T.81, annexes F and G): an end marker can be put behind any part of one.</summary>
/// <remarks>
/// Scans are read as decoders do it, without computing a pixel. Codings other than Huffman's, which are hardly used, are left to the decoder.
/// </remarks>
internal sealed class JpegScans
{
    private const byte Huffman = 0xC4;
    private const byte RestartInterval = 0xDD;
    private const int Coefficients = 64;

    private readonly JpegCode?[] dc = new JpegCode?[4];
    private readonly JpegCode?[] ac = new JpegCode?[4];
    private JpegFrame? frame;
    private int interval;
    private int endOfBand;    // blocks still to come in which a band of coefficients is zero

    /// <param name="jpeg">Whose segments reach its end.</param>
    public static bool AreWhole(ReadOnlySpan<byte> jpeg) => new JpegScans().Read(jpeg);

    private bool Read(ReadOnlySpan<byte> jpeg)
    {
        var at = 2;
        while (JpegContainer.Marker(jpeg, ref at) is { } marker && marker != JpegContainer.End && JpegContainer.Data(jpeg, at) is { } data)
        {
            var segment = jpeg[data];
            at = data.End.Value;
            if (marker is >= 0xC0 and <= 0xC2)
            {
                frame = JpegFrame.Read(segment, isProgressive: marker == 0xC2);
            }
            else if (marker is > 0xC2 and < 0xD0 and not Huffman || (marker == JpegContainer.Scan && frame is null))
            {
                return true;
            }
            else if (marker == Huffman && !ReadCodes(segment))
            {
                return false;
            }
            else if (marker == RestartInterval && segment.Length > 1)
            {
                interval = BinaryPrimitives.ReadUInt16BigEndian(segment);
            }
            else if (marker == JpegContainer.Scan)
            {
                var end = JpegContainer.AfterScan(jpeg, at);
                if (!ReadScan(segment, jpeg[at..end]))
                {
                    return false;
                }

                at = end;
            }
        }

        return frame is null || frame.Parts.All(part => part.Missing.All(bits => bits == 0));
    }

    private bool ReadCodes(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            if ((segment[0] & 0x0F) > 3 || JpegCode.Read(segment[1..]) is not var (code, bytes))
            {
                return false;
            }

            ((segment[0] & 0x10) == 0 ? dc : ac)[segment[0] & 3] = code;
            segment = segment[(1 + bytes)..];
        }

        return true;
    }

    private bool ReadScan(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        if (JpegScan.Read(header, frame!, dc, ac) is not { } scan)
        {
            return false;
        }

        endOfBand = 0;
        var bits = new JpegBits(data);
        for (var unit = 0; unit < scan.Units; unit++)
        {
            if (interval > 0 && unit > 0 && unit % interval == 0)
            {
                bits.Restart();
                endOfBand = 0;
            }

            foreach (var part in scan.Parts)
            {
                for (var block = 0; block < part.BlocksIn(scan); block++)
                {
                    ReadBlock(ref bits, scan, part, unit);
                }
            }

            if (bits.IsSpoilt)
            {
                return false;
            }
        }

        scan.Note();
        return true;
    }

    private void ReadBlock(ref JpegBits bits, JpegScan scan, JpegScan.Part part, int unit)
    {
        if (scan.First == 0 && scan.IsRefinement)
        {
            bits.Bits(1);
        }
        else if (scan.First == 0)
        {
            bits.Bits(bits.Symbol(part.Dc!) & 0x0F);
        }

        if (scan.Last > 0 && scan.IsRefinement)
        {
            Refine(ref bits, scan, part.Ac!, ref part.Frame.NonZero![unit]);
        }
        else if (scan.Last > 0)
        {
            ReadBand(ref bits, scan, part, unit);
        }
    }

    // Runs of zeros, each with the value that ends it (sections F.1.2.2 and G.1.2.2).
    private void ReadBand(ref JpegBits bits, JpegScan scan, JpegScan.Part part, int unit)
    {
        if (endOfBand > 0)
        {
            endOfBand--;
            return;
        }

        for (var k = Math.Max(1, scan.First); k <= scan.Last; k++)
        {
            var symbol = bits.Symbol(part.Ac!);
            var (run, size) = (symbol >> 4, symbol & 0x0F);
            if (size == 0 && run < 15)
            {
                endOfBand = (1 << run) - 1 + bits.Bits(run);
                return;
            }

            k += run;
            bits.Bits(size);
            if (part.Frame.NonZero is { } nonZero && size > 0 && k < Coefficients)
            {
                nonZero[unit] |= 1ul << k;
            }
        }
    }

    // One more bit of each value that is known, and new values among the zeros (section G.1.2.3).
    private void Refine(ref JpegBits bits, JpegScan scan, JpegCode code, ref ulong nonZero)
    {
        var k = scan.First;
        while (endOfBand == 0 && k <= scan.Last)
        {
            var symbol = bits.Symbol(code);
            var (run, size) = (symbol >> 4, symbol & 0x0F);
            if (size == 0 && run < 15)
            {
                endOfBand = (1 << run) + bits.Bits(run);
                break;
            }

            bits.Bits(size > 0 ? 1 : 0);
            for (; k <= scan.Last && ((nonZero >> k & 1) != 0 || run-- > 0); k++)
            {
                bits.Bits((int)(nonZero >> k & 1));
            }

            nonZero |= size > 0 && k < Coefficients ? 1ul << k : 0;
            k++;
        }

        if (endOfBand > 0)
        {
            for (; k <= scan.Last; k++)
            {
                bits.Bits((int)(nonZero >> k & 1));
            }

            endOfBand--;
        }
    }
}
