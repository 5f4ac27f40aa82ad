using Dramatis.Errors;
using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>What networks compute in. The autoencoder of pictures, noise, guidance and samplers are in single precision always.</summary>
public enum Precision
{
    /// <summary>Single.</summary>
    Fp32,

    /// <summary>Half: 11 bits, up to 65504.</summary>
    Fp16,

    /// <summary>bfloat16: 8 bits, as far as single precision goes.</summary>
    Bf16,
}

/// <summary>The names of precisions.</summary>
internal static class Precisions
{
    private static readonly (string Name, ScalarType Type)[] Known =
        [("fp32", ScalarType.Float32), ("fp16", ScalarType.Float16), ("bf16", ScalarType.BFloat16)];    // in the order of the enum

    /// <summary>The names, the usual one first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Select(item => item.Name)];

    /// <param name="field">Where the name comes from, for the message.</param>
    /// <exception cref="InvalidRequestException">There is no such precision.</exception>
    public static Precision Parse(string name, string field = "precision") => Array.FindIndex(Known, item => item.Name == name) is >= 0 and var index
        ? (Precision)index
        : throw InvalidRequestException.Unknown(field, name, All);

    internal static ScalarType ToScalarType(this Precision precision) => Known[(int)precision].Type;
}
