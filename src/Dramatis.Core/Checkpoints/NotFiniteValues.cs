using System.Numerics;
using System.Runtime.InteropServices;

namespace Dramatis.Checkpoints;

/// <summary>Values of a file that are infinite or no number: whatever computes with them paints nothing.</summary>
internal static class NotFiniteValues
{
    /// <summary>Reads all values, which takes as long as the file is large.</summary>
    /// <returns>The tensors that have some, by name, each with how many.</returns>
    /// <exception cref="Errors.InvalidCheckpointException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, long> In(TensorArchive archive)
    {
        var found = new SortedDictionary<string, long>(StringComparer.Ordinal);
        byte[] bytes = [];
        foreach (var entry in archive.Tensors.Values.Where(entry => entry.Type.IsFloat()))
        {
            if (bytes.LongLength < entry.ByteCount)
            {
                bytes = new byte[entry.ByteCount];
            }

            var values = bytes.AsSpan(0, (int)entry.ByteCount);
            archive.Read(entry.Name, values);
            if (Count(values, entry.Type) is > 0 and var count)
            {
                found[entry.Name] = count;
            }
        }

        return found;
    }

    // All bits of the exponent are set; in F8_E4M3 those of the fraction too, which has no infinity.
    private static long Count(ReadOnlySpan<byte> values, TensorType type) => type switch
    {
        TensorType.F64 => Having<ulong>(MemoryMarshal.Cast<byte, ulong>(values), 0x7FF0_0000_0000_0000),
        TensorType.F32 => Having<uint>(MemoryMarshal.Cast<byte, uint>(values), 0x7F80_0000),
        TensorType.F16 => Having<ushort>(MemoryMarshal.Cast<byte, ushort>(values), 0x7C00),
        TensorType.BF16 => Having<ushort>(MemoryMarshal.Cast<byte, ushort>(values), 0x7F80),
        TensorType.F8E5M2 => Having<byte>(values, 0x7C),
        _ => Having<byte>(values, 0x7F),
    };

    private static long Having<T>(ReadOnlySpan<T> values, T mask)
        where T : IBinaryInteger<T>
    {
        var count = 0L;
        foreach (var value in values)
        {
            count += (value & mask) == mask ? 1 : 0;
        }

        return count;
    }
}
