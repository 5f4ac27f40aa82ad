using System.Diagnostics;

namespace Dramatis.Checkpoints;

/// <summary>Element types of stored tensors, named as safetensors names them.</summary>
public enum TensorType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Whole numbers from 0, 8 bits.</summary>
    U8,

    /// <summary>Whole numbers, 8 bits.</summary>
    I8,

    /// <summary>8-bit floating point, 5 bits of exponent.</summary>
    F8E5M2,

    /// <summary>8-bit floating point, 4 bits of exponent.</summary>
    F8E4M3,

    /// <summary>Whole numbers, 16 bits.</summary>
    I16,

    /// <summary>Whole numbers from 0, 16 bits.</summary>
    U16,

    /// <summary>Half precision (IEEE 754).</summary>
    F16,

    /// <summary>bfloat16: the range of single precision, 8 bits of it exact.</summary>
    BF16,

    /// <summary>Whole numbers, 32 bits.</summary>
    I32,

    /// <summary>Whole numbers from 0, 32 bits.</summary>
    U32,

    /// <summary>Single precision.</summary>
    F32,

    /// <summary>Double precision.</summary>
    F64,

    /// <summary>Whole numbers, 64 bits.</summary>
    I64,

    /// <summary>Whole numbers from 0, 64 bits.</summary>
    U64,
}

/// <summary>Sizes and safetensors spellings of <see cref="TensorType"/>.</summary>
internal static class TensorTypes
{
    private static readonly Dictionary<string, TensorType> ByName = new(StringComparer.Ordinal)
    {
        ["BOOL"] = TensorType.Bool,
        ["U8"] = TensorType.U8,
        ["I8"] = TensorType.I8,
        ["F8_E5M2"] = TensorType.F8E5M2,
        ["F8_E4M3"] = TensorType.F8E4M3,
        ["I16"] = TensorType.I16,
        ["U16"] = TensorType.U16,
        ["F16"] = TensorType.F16,
        ["BF16"] = TensorType.BF16,
        ["I32"] = TensorType.I32,
        ["U32"] = TensorType.U32,
        ["F32"] = TensorType.F32,
        ["F64"] = TensorType.F64,
        ["I64"] = TensorType.I64,
        ["U64"] = TensorType.U64,
    };

    private static readonly Dictionary<TensorType, string> Names = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.Bool or TensorType.U8 or TensorType.I8 or TensorType.F8E5M2 or TensorType.F8E4M3 => 1,
        TensorType.I16 or TensorType.U16 or TensorType.F16 or TensorType.BF16 => 2,
        TensorType.I32 or TensorType.U32 or TensorType.F32 => 4,
        TensorType.F64 or TensorType.I64 or TensorType.U64 => 8,
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether elements are floating-point numbers.</summary>
    public static bool IsFloat(this TensorType type) =>
        type is TensorType.F8E5M2 or TensorType.F8E4M3 or TensorType.F16 or TensorType.BF16 or TensorType.F32 or TensorType.F64;

    /// <summary>The spelling of safetensors headers, for example <c>BF16</c>.</summary>
    public static string Name(this TensorType type) => Names[type];

    /// <summary>The type of a safetensors spelling.</summary>
    public static bool TryParse(string name, out TensorType type) => ByName.TryGetValue(name, out type);
}
