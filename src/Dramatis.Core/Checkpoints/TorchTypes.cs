using Dramatis.Checkpoints.Pickles;

namespace Dramatis.Checkpoints;

/// <summary>The element types of <c>torch.save</c> and those of safetensors, of which each has one of the other.</summary>
internal static class TorchTypes
{
    private static readonly Dictionary<TensorType, string> Names = new()
    {
        [TensorType.Bool] = "torch.bool",
        [TensorType.U8] = "torch.uint8",
        [TensorType.I8] = "torch.int8",
        [TensorType.F8E5M2] = "torch.float8_e5m2",
        [TensorType.F8E4M3] = "torch.float8_e4m3fn",
        [TensorType.I16] = "torch.int16",
        [TensorType.U16] = "torch.uint16",
        [TensorType.F16] = "torch.float16",
        [TensorType.BF16] = "torch.bfloat16",
        [TensorType.I32] = "torch.int32",
        [TensorType.U32] = "torch.uint32",
        [TensorType.F32] = "torch.float32",
        [TensorType.F64] = "torch.float64",
        [TensorType.I64] = "torch.int64",
        [TensorType.U64] = "torch.uint64",
    };

    private static readonly Dictionary<string, TensorType> Types = Names.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static TensorType Of(PickleElementType type) => Types[type.Name];

    public static PickleElementType InTorch(this TensorType type) => PickleNames.Type(Names[type]);
}
