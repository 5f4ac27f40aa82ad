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
    Parameters,
    ElementType,
    Storage,
}

/// <summary>A name on the stack of the pickle.</summary>
internal sealed class PickleReference(string name, PickleName kind) : PickleValue
{
    public string Name { get; } = name;

    public PickleName Kind { get; } = kind;
}

/// <summary>A name that stands for nothing that we read: it may be the key of an entry, which is left out, and nothing else.</summary>
internal sealed class PickleStranger(string name) : PickleValue
{
    public string Name { get; } = name;

    public PickleException Refusal => new(
        $"asks for '{Name}', which plain data does not need; it was not run. "
            + "If you trust the file, save its tensors alone (a state dict, as safetensors) where it was made");
}

/// <summary>The only names that a pickle may use.</summary>
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
        ["torch.nn.modules.container.ParameterDict"] = PickleName.Parameters,
        ["torch.nn.modules.container.ParameterList"] = PickleName.Parameters,
    };

    // What PyTorch calls an element, and its bytes.
    private static readonly Dictionary<string, PickleElementType> Types = new PickleElementType[]
    {
        new("torch.bool", 1),
        new("torch.uint8", 1),
        new("torch.int8", 1),
        new("torch.uint16", 2),
        new("torch.int16", 2),
        new("torch.uint32", 4),
        new("torch.int32", 4),
        new("torch.uint64", 8),
        new("torch.int64", 8),
        new("torch.float8_e5m2", 1),
        new("torch.float8_e4m3fn", 1),
        new("torch.float16", 2),
        new("torch.bfloat16", 2),
        new("torch.float32", 4),
        new("torch.float64", 8),
    }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, PickleElementType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.BoolStorage"] = Types["torch.bool"],
        ["torch.ByteStorage"] = Types["torch.uint8"],
        ["torch.CharStorage"] = Types["torch.int8"],
        ["torch.ShortStorage"] = Types["torch.int16"],
        ["torch.IntStorage"] = Types["torch.int32"],
        ["torch.LongStorage"] = Types["torch.int64"],
        ["torch.HalfStorage"] = Types["torch.float16"],
        ["torch.BFloat16Storage"] = Types["torch.bfloat16"],
        ["torch.FloatStorage"] = Types["torch.float32"],
        ["torch.DoubleStorage"] = Types["torch.float64"],
    };

    private static readonly Dictionary<PickleElementType, string> StorageNames = Storages.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>What a name stands for, or null when no data needs it.</summary>
    public static PickleValue? Find(string module, string name)
    {
        var full = $"{module}.{name}";
        return Functions.TryGetValue(full, out var kind) ? new PickleReference(full, kind)
            : full == UntypedStorage || Storages.ContainsKey(full) ? new PickleReference(full, PickleName.Storage)
            : Types.GetValueOrDefault(full);
    }

    /// <summary>An element type by its name, for example <c>torch.float16</c>.</summary>
    public static PickleElementType Type(string name) => Types[name];

    /// <summary>The element type of a storage class; null where it promises bytes only.</summary>
    public static PickleElementType? OfStorage(string name) => Storages.GetValueOrDefault(name);

    /// <summary>The storage class of an element type; null when it has none.</summary>
    public static string? StorageOf(PickleElementType type) => StorageNames.GetValueOrDefault(type);
}
