using System.Text;

namespace Dramatis.TestKit.Onnx;

/// <summary>Fields of protocol buffers, as far as ONNX files need them.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0;
    private const int Bytes = 2;

    private readonly List<byte> bytes = [];

    public ProtoWriter Number(int field, long value)
    {
        Raw((ulong)((field << 3) | Varint));
        Raw((ulong)value);
        return this;
    }

    public ProtoWriter Data(int field, ReadOnlySpan<byte> bytes)
    {
        Raw((ulong)((field << 3) | Bytes));
        Raw((ulong)bytes.Length);
        this.bytes.AddRange(bytes);
        return this;
    }

    public ProtoWriter Text(int field, string text) => Data(field, Encoding.UTF8.GetBytes(text));

    public ProtoWriter Message(int field, ProtoWriter message) => Data(field, message.ToArray());

    public byte[] ToArray() => [.. bytes];

    private void Raw(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
