using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Dramatis.Files;

namespace Dramatis.Checkpoints;

/// <summary>Writes one tensor as <c>torch.save</c> does: a zip file of stored entries, the values at a multiple of 64 bytes.</summary>
public static class TorchTensorWriter
{
    private const int Alignment = 64;
    private const ushort PaddingField = 0x4246;    // "FB", as PyTorch marks its padding
    private const ushort FixedDate = 0x21;         // the first of January 1980: the same tensor gives the same file

    /// <summary>Writes the file whole or not at all. Inside, entries lie in a folder named as the file.</summary>
    /// <param name="values">Single precision, row by row; as many as the shape says.</param>
    /// <exception cref="Errors.OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Write(string path, ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        using var zip = new ZipBuilder();
        zip.Add($"{stem}/data.pkl", Program(values.Length, shape), isAligned: false);
        zip.Add($"{stem}/data/0", LittleEndian(values), isAligned: true);
        zip.Add($"{stem}/version", "3\n"u8, isAligned: false);
        var bytes = zip.ToArray();
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static byte[] LittleEndian(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes(values).ToArray();
        }

        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    // Pickle, protocol 2: _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks).
    private static byte[] Program(int count, ReadOnlySpan<int> shape)
    {
        using var bytes = new MemoryStream();
        using var pickle = new BinaryWriter(bytes);
        pickle.Write([0x80, 2]);
        pickle.Write("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
        Text("storage");
        pickle.Write("ctorch\nFloatStorage\n"u8);
        Text("0");
        Text("cpu");
        Whole(count);
        pickle.Write("tQ"u8);                                // a tuple that names the storage
        Whole(0);
        Tuple(shape);
        Tuple(Strides(shape));
        pickle.Write((byte)0x89);                            // False
        pickle.Write("ccollections\nOrderedDict\n)RtR."u8);
        pickle.Flush();
        return bytes.ToArray();

        void Text(string text)
        {
            pickle.Write((byte)'X');
            pickle.Write(text.Length);
            pickle.Write(Encoding.ASCII.GetBytes(text));
        }

        void Whole(int number)
        {
            pickle.Write((byte)'J');
            pickle.Write(number);
        }

        void Tuple(ReadOnlySpan<int> numbers)
        {
            pickle.Write((byte)'(');
            foreach (var number in numbers)
            {
                Whole(number);
            }

            pickle.Write((byte)'t');
        }
    }

    private static int[] Strides(ReadOnlySpan<int> shape)
    {
        var strides = new int[shape.Length];
        var stride = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        return strides;
    }

    // Local headers with their contents, then the directory (APPNOTE 4.3).
    private sealed class ZipBuilder : IDisposable
    {
        private readonly MemoryStream file = new();
        private readonly MemoryStream directory = new();
        private ushort count;

        public void Add(string name, ReadOnlySpan<byte> content, bool isAligned)
        {
            var (offset, letters) = ((uint)file.Length, Encoding.ASCII.GetBytes(name));
            var padding = isAligned ? Padding((int)offset + 30 + letters.Length) : [];
            Header(file, 0x04034b50, [], content, letters.Length, padding.Length);
            file.Write([.. letters, .. padding]);
            file.Write(content);

            Header(directory, 0x02014b50, [0, 0], content, letters.Length, 0);
            directory.Write(stackalloc byte[10]);    // no comment, the first disk, no attributes
            directory.Write(BitConverter.GetBytes(offset));
            directory.Write(letters);
            count++;
        }

        public byte[] ToArray()
        {
            var start = (uint)file.Length;
            directory.WriteTo(file);
            using var end = new BinaryWriter(file, Encoding.ASCII, leaveOpen: true);
            end.Write(0x06054b50u);
            end.Write(0u);                           // disks
            end.Write(count);
            end.Write(count);
            end.Write((uint)directory.Length);
            end.Write(start);
            end.Write((ushort)0);                    // no comment
            end.Flush();
            return file.ToArray();
        }

        public void Dispose()
        {
            file.Dispose();
            directory.Dispose();
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
        private static byte[] Padding(int end)
        {
            const int Head = 4;
            var length = (Alignment - ((end + Head) % Alignment)) % Alignment;
            var field = new byte[Head + length];
            BinaryPrimitives.WriteUInt16LittleEndian(field, PaddingField);
            BinaryPrimitives.WriteUInt16LittleEndian(field.AsSpan(2), (ushort)length);
            return field;
        }
    }
}
