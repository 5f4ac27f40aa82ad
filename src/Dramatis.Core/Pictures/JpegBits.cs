namespace Dramatis.Pictures;

/// <summary>A Huffman code of a JPEG (ITU-T T.81, annex C), looked up by the next 16 bits.</summary>
internal sealed class JpegCode
{
    private const int MostBits = 16;

    private readonly ushort[] table = new ushort[1 << MostBits];    // length and symbol; 0 for what is no code

    private JpegCode()
    {
    }

    /// <summary>Reads one code, and says how many bytes it takes; null when it is malformed.</summary>
    /// <param name="data">How many symbols there are of each length, then the symbols.</param>
    public static (JpegCode Code, int Bytes)? Read(ReadOnlySpan<byte> data)
    {
        var code = new JpegCode();
        var (next, symbol) = (0, MostBits);
        for (var length = 1; length <= MostBits && data.Length >= MostBits; length++)
        {
            for (var i = 0; i < data[length - 1]; i++, symbol++)
            {
                var span = 1 << (MostBits - length);
                if (symbol >= data.Length || next + span > code.table.Length)
                {
                    return null;
                }

                code.table.AsSpan(next, span).Fill((ushort)((length << 8) | data[symbol]));
                next += span;
            }
        }

        return data.Length >= MostBits ? (code, symbol) : null;
    }

    /// <summary>The symbol that the bits begin with, and its length; a length of 0 for none.</summary>
    public (int Symbol, int Length) Find(uint next16) => (table[next16] & 0xFF, table[next16] >> 8);
}

/// <summary>The coded bits of one scan.</summary>
/// <remarks>Behind their end, or a marker, there are zeros: who takes any of them has met a file that is not whole.</remarks>
internal ref struct JpegBits(ReadOnlySpan<byte> data)
{
    private const byte Mark = 0xFF;

    private readonly ReadOnlySpan<byte> data = data;
    private int at;
    private ulong held;     // the next bits, at the low end
    private int count;
    private int padding;    // how many of them are not in the file

    /// <summary>Whether more was taken than there is, or what is no code.</summary>
    public bool IsSpoilt { get; private set; }

    /// <summary>The next symbol of a code.</summary>
    public int Symbol(JpegCode code)
    {
        Fill();
        var (symbol, length) = code.Find((uint)(held >> (count - 16)) & 0xFFFF);
        Take(length);
        IsSpoilt |= length == 0;
        return symbol;
    }

    /// <summary>So many bits, at most 16, as a number.</summary>
    public int Bits(int length)
    {
        Fill();
        var bits = (int)(held >> (count - length)) & ((1 << length) - 1);
        Take(length);
        return bits;
    }

    /// <summary>Goes on behind the next marker of a restart.</summary>
    public void Restart()
    {
        while (at + 1 < data.Length && !(data[at] == Mark && data[at + 1] is >= 0xD0 and <= 0xD7))
        {
            at++;
        }

        (IsSpoilt, at) = (IsSpoilt || at + 1 >= data.Length, at + 2);
        (held, count, padding) = (0, 0, 0);
    }

    private void Take(int length)
    {
        count -= length;
        IsSpoilt |= count < padding;
    }

    // A zero behind what looks like a mark is no part of the bits.
    private void Fill()
    {
        while (count <= 48)
        {
            var isThere = at < data.Length && (data[at] != Mark || (at + 1 < data.Length && data[at + 1] == 0));
            held = (held << 8) | (isThere ? data[at] : 0u);
            at += !isThere ? 0 : data[at] == Mark ? 2 : 1;
            padding += isThere ? 0 : 8;
            count += 8;
        }
    }
}
