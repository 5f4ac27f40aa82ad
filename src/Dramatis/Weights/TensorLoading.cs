using Dramatis.Checkpoints;
using Dramatis.Errors;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>Stored tensors to tensors in memory, and the other way round.</summary>
internal static class TensorLoading
{
    /// <summary>One tensor of an archive, in its stored shape, on the CPU.</summary>
    /// <param name="type">The wanted element type; null keeps the stored one.</param>
    /// <exception cref="InvalidCheckpointException">The archive has no such tensor.</exception>
    public static Tensor ToTensor(this TensorArchive archive, string name, ScalarType? type = null)
    {
        if (!archive.Tensors.TryGetValue(name, out var entry))
        {
            throw archive.HasNo(name);
        }

        using var scope = NewDisposeScope();
        var stored = empty([.. entry.Shape], entry.Type.ToScalarType(), CPU);
        if (entry.ByteCount > 0)
        {
            archive.Read(name, stored.bytes);
        }

        return (type is { } wanted ? stored.to(wanted) : stored).MoveToOuterDisposeScope();
    }

    /// <summary>One tensor of an archive of which all values must be numbers: what somebody learned.</summary>
    /// <exception cref="InvalidCheckpointException">The archive has no such tensor, or some of its values are no numbers.</exception>
    public static Tensor ToFinite(this TensorArchive archive, string name, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var values = archive.ToTensor(name, type);
        return values.isfinite().all().item<bool>() ? values.MoveToOuterDisposeScope() : throw new InvalidCheckpointException(
            archive.Path,
            $"holds values that are no numbers (in '{name}'); it was spoiled in training. Use an earlier state of it, or train it again more gently.");
    }

    /// <summary>A tensor's values as a file stores them: on the CPU, contiguous, of the given type.</summary>
    public static TensorSource ToSource(string name, Tensor tensor, TensorType type) =>
        new(name, type, tensor.shape, () =>
        {
            using var scope = NewDisposeScope();
            return tensor.detach().to(type.ToScalarType(), CPU).contiguous().bytes.ToArray();
        });

    /// <summary>The library's name of a stored type. Types that TorchSharp does not name pass by their number.</summary>
    public static ScalarType ToScalarType(this TensorType type) => type switch
    {
        TensorType.Bool => ScalarType.Bool,
        TensorType.U8 => ScalarType.Byte,
        TensorType.I8 => ScalarType.Int8,
        TensorType.I16 => ScalarType.Int16,
        TensorType.I32 => ScalarType.Int32,
        TensorType.I64 => ScalarType.Int64,
        TensorType.F16 => ScalarType.Float16,
        TensorType.BF16 => ScalarType.BFloat16,
        TensorType.F32 => ScalarType.Float32,
        TensorType.F64 => ScalarType.Float64,
        TensorType.F8E5M2 => (ScalarType)23,
        TensorType.F8E4M3 => (ScalarType)24,
        TensorType.U16 => (ScalarType)27,
        TensorType.U32 => (ScalarType)28,
        TensorType.U64 => (ScalarType)29,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no tensor has this type."),
    };

    /// <summary>The stored type that keeps a tensor's values exactly.</summary>
    public static TensorType ToTensorType(this ScalarType type) =>
        Enum.GetValues<TensorType>().Where(stored => stored.ToScalarType() == type).Cast<TensorType?>().FirstOrDefault()
        ?? throw new ArgumentOutOfRangeException(nameof(type), type, "no checkpoint holds this type.");
}
