namespace Dramatis.Checkpoints.Pickles;

/// <summary>A name of Python that stands for plain data. None is ever imported: each has its own reading here.</summary>
internal enum PickleName
{
    OrderedDict,
    RebuildTensor,
    RebuildTypedTensor,
    RebuildParameter,
    Size,
    Device,
    Encode,
    Set,
    Complex,
    ByteArray,
    ElementType,
    Storage,
}

/// <summary>A name on the stack of the pickle.</summary>
internal sealed class PickleReference(string name, PickleName kind) : PickleValue
{
    public string Name { get; } = name;

    public PickleName Kind { get; } = kind;
}

/// <summary>The only names that a pickle may mention.</summary>
internal static class PickleNames
{
    public const string UntypedStorage = "torch.storage.UntypedStorage";

    private static readonly Dictionary<string, PickleName> Functions = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = PickleName.OrderedDict,
        ["torch._utils._rebuild_tensor_v2"] = PickleName.RebuildTensor,
        ["torch._utils._rebuild_tensor_v3"] = PickleName.RebuildTypedTensor,
        ["torch._utils._rebuild_parameter"] = PickleName.RebuildParameter,
        ["torch.Size"] = PickleName.Size,
        ["torch.device"] = PickleName.Device,
        ["_codecs.encode"] = PickleName.Encode,
        ["builtins.set"] = PickleName.Set,
        ["__builtin__.set"] = PickleName.Set,
        ["builtins.complex"] = PickleName.Complex,
        ["__builtin__.complex"] = PickleName.Complex,
        ["builtins.bytearray"] = PickleName.ByteArray,
        ["__builtin__.bytearray"] = PickleName.ByteArray,
    };

    private static readonly Dictionary<string, TensorType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.BoolStorage"] = TensorType.Bool,
        ["torch.ByteStorage"] = TensorType.U8,
        ["torch.CharStorage"] = TensorType.I8,
        ["torch.ShortStorage"] = TensorType.I16,
        ["torch.IntStorage"] = TensorType.I32,
        ["torch.LongStorage"] = TensorType.I64,
        ["torch.HalfStorage"] = TensorType.F16,
        ["torch.BFloat16Storage"] = TensorType.BF16,
        ["torch.FloatStorage"] = TensorType.F32,
        ["torch.DoubleStorage"] = TensorType.F64,
    };

    private static readonly Dictionary<TensorType, string> StorageNames = Storages.ToDictionary(pair => pair.Value, pair => pair.Key);

    private static readonly Dictionary<string, TensorType> Types = new(StringComparer.Ordinal)
    {
        ["torch.bool"] = TensorType.Bool,
        ["torch.uint8"] = TensorType.U8,
        ["torch.int8"] = TensorType.I8,
        ["torch.uint16"] = TensorType.U16,
        ["torch.int16"] = TensorType.I16,
        ["torch.uint32"] = TensorType.U32,
        ["torch.int32"] = TensorType.I32,
        ["torch.uint64"] = TensorType.U64,
        ["torch.int64"] = TensorType.I64,
        ["torch.float8_e5m2"] = TensorType.F8E5M2,
        ["torch.float8_e4m3fn"] = TensorType.F8E4M3,
        ["torch.float16"] = TensorType.F16,
        ["torch.bfloat16"] = TensorType.BF16,
        ["torch.float32"] = TensorType.F32,
        ["torch.float64"] = TensorType.F64,
    };

    /// <summary>What a name stands for, or null when no data needs it.</summary>
    public static PickleValue? Find(string module, string name)
    {
        var full = $"{module}.{name}";
        return Functions.TryGetValue(full, out var kind) ? new PickleReference(full, kind)
            : full == UntypedStorage || Storages.ContainsKey(full) ? new PickleReference(full, PickleName.Storage)
            : Types.ContainsKey(full) ? new PickleElementType(full)
            : null;
    }

    /// <summary>The element type of a storage class; null where it promises bytes only.</summary>
    public static TensorType? OfStorage(string name) => Storages.TryGetValue(name, out var type) ? type : null;

    /// <summary>The storage class of an element type; null when it has none.</summary>
    public static string? StorageOf(TensorType type) => StorageNames.GetValueOrDefault(type);

    public static TensorType OfElementType(PickleElementType type) => Types[type.Name];
}
