using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>A pickle is malformed or asks for more than data. The file that holds it adds its path.</summary>
internal sealed class PickleException(string problem) : Exception(problem);

/// <summary>The bytes of a pickle, from where a stream stands. A length is a claim until that many bytes are there.</summary>
internal sealed class PickleInput(Stream stream)
{
    /// <summary>Pickles of the largest published checkpoints have a few MiB.</summary>
    public const int MaxLength = 64 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly long start = stream.Position;

    /// <summary>Bytes read so far.</summary>
    public long Position => stream.Position - start;

    public byte Byte()
    {
        Require(1);
        return (byte)stream.ReadByte();
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public double Number() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    public BigInteger Integer(ulong length) => new(Bytes(length));

    public byte[] Bytes(ulong length)
    {
        Require(length);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public string Text(ulong length) => Decode(Bytes(length));

    /// <summary>Up to the next line feed, which is taken too.</summary>
    public string Line()
    {
        var line = new List<byte>();
        byte next;
        while ((next = Byte()) != '\n')
        {
            line.Add(next);
        }

        return Decode([.. line]);
    }

    /// <summary>Throws unless so many bytes are left.</summary>
    public void Require(ulong length)
    {
        if (length > (ulong)(stream.Length - stream.Position))
        {
            throw new PickleException("ends in the middle of a value");
        }

        if (length > (ulong)(MaxLength - Position))
        {
            throw new PickleException($"holds more than {MaxLength >> 20} MiB besides its tensors, the most allowed");
        }
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new PickleException("holds a text that is not UTF-8");
        }
    }
}
