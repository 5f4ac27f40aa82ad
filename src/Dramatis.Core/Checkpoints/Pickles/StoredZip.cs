using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Dramatis.Errors;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>Writes a zip file whose entries are stored as they are, those that are asked to at multiples of 64 bytes (APPNOTE 4.3).</summary>
/// <param name="path">The file that it becomes, for messages.</param>
internal sealed class StoredZip(Stream file, string path) : IDisposable
{
    private const int Alignment = 64;
    private const int HeadLength = 30;
    private const ushort PaddingField = 0x4246;    // "FB", as PyTorch marks its padding
    private const ushort FixedDate = 0x21;         // the first of January 1980: the same entries give the same file

    private readonly MemoryStream directory = new();
    private long length;
    private int count;

    /// <exception cref="OutputNotWrittenException">The file would be larger than such files can be.</exception>
    public void Add(string name, ReadOnlySpan<byte> content, bool isAligned)
    {
        var (offset, letters) = (length, Encoding.UTF8.GetBytes(name));
        var padding = isAligned ? Padding(offset + HeadLength + letters.Length) : [];
        if (offset + HeadLength + letters.Length + padding.Length + content.Length > uint.MaxValue || ++count > ushort.MaxValue)
        {
            throw new OutputNotWrittenException(path, "this layout ends at 4 GiB and 65,535 tensors; write safetensors.");
        }

        Header(file, 0x04034b50, [], content, letters.Length, padding.Length);
        Write([.. letters, .. padding]);
        Write(content);
        length += HeadLength;

        Header(directory, 0x02014b50, [0, 0], content, letters.Length, 0);
        directory.Write(stackalloc byte[10]);    // no comment, the first disk, no attributes
        directory.Write(BitConverter.GetBytes((uint)offset));
        directory.Write(letters);
    }

    /// <summary>Writes the directory.</summary>
    public void End()
    {
        directory.WriteTo(file);
        using var end = new BinaryWriter(file, Encoding.ASCII, leaveOpen: true);
        end.Write(0x06054b50u);
        end.Write(0u);                           // disks
        end.Write((ushort)count);
        end.Write((ushort)count);
        end.Write((uint)directory.Length);
        end.Write((uint)length);
        end.Write((ushort)0);                    // no comment
    }

    public void Dispose() => directory.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        length += bytes.Length;
    }

    private static void Header(Stream to, uint mark, ReadOnlySpan<byte> madeBy, ReadOnlySpan<byte> content, int name, int extra)
    {
        using var header = new BinaryWriter(to, Encoding.ASCII, leaveOpen: true);
        header.Write(mark);
        header.Write(madeBy);
        header.Write(0u);                        // any reader, no flags
        header.Write((ushort)0);                 // stored
        header.Write((ushort)0);
        header.Write(FixedDate);
        header.Write(Crc32.HashToUInt32(content));
        header.Write(content.Length);
        header.Write(content.Length);
        header.Write((ushort)name);
        header.Write((ushort)extra);
    }

    // An extra field that ends where the content shall begin.
    private static byte[] Padding(long end)
    {
        const int Head = 4;
        var padding = (int)((Alignment - ((end + Head) % Alignment)) % Alignment);
        var field = new byte[Head + padding];
        BinaryPrimitives.WriteUInt16LittleEndian(field, PaddingField);
        BinaryPrimitives.WriteUInt16LittleEndian(field.AsSpan(2), (ushort)padding);
        return field;
    }
}
