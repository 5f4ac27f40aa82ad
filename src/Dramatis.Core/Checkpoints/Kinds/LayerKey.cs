namespace Dramatis.Checkpoints.Kinds;

/// <summary>What a tensor of a file is to its layer.</summary>
internal enum LayerRole
{
    /// <summary>A of the paper.</summary>
    Down,

    /// <summary>B.</summary>
    Up,

    /// <summary>The core between them, of kernels.</summary>
    Middle,

    /// <summary>Added to the layer's bias, weighed as the product is.</summary>
    UpBias,
    Alpha,

    /// <summary>What LyCORIS learned the whole product by, where it was not multiplied in.</summary>
    Factor,

    /// <summary>DoRA's magnitudes; which way they lie, their shape says.</summary>
    Scale,

    /// <summary>The same in PEFT's files: one for each output.</summary>
    OutputScale,
    Hadamard1Left,
    Hadamard1Right,
    Hadamard1Core,
    Hadamard2Left,
    Hadamard2Right,
    Hadamard2Core,
    Kronecker1,
    Kronecker1Left,
    Kronecker1Right,
    Kronecker2,
    Kronecker2Left,
    Kronecker2Right,
    Kronecker2Core,

    /// <summary>All of what is added to the weight.</summary>
    Whole,

    /// <summary>All of what is added to the bias.</summary>
    WholeBias,

    /// <summary>Says what the shapes say already.</summary>
    Size,
}

/// <summary>The name of a tensor in a file of changes: the layer's, and what the tensor is to it.</summary>
/// <param name="Adapter">PEFT's name of the adapter, which newer files leave out; null without.</param>
internal readonly record struct LayerKey(string Layer, LayerRole Role, string? Adapter)
{
    private const string Weight = ".weight";

    private static readonly Dictionary<string, LayerRole> Roles = new(StringComparer.Ordinal)
    {
        ["lora_down"] = LayerRole.Down,
        ["lora_up"] = LayerRole.Up,
        ["lora_mid"] = LayerRole.Middle,
        ["lora_A"] = LayerRole.Down,
        ["lora_B"] = LayerRole.Up,
        ["alpha"] = LayerRole.Alpha,
        ["scalar"] = LayerRole.Factor,
        ["rank"] = LayerRole.Size,
        ["dim"] = LayerRole.Size,
        ["dora_scale"] = LayerRole.Scale,
        ["lora_magnitude_vector"] = LayerRole.OutputScale,
        ["hada_w1_a"] = LayerRole.Hadamard1Left,
        ["hada_w1_b"] = LayerRole.Hadamard1Right,
        ["hada_t1"] = LayerRole.Hadamard1Core,
        ["hada_w2_a"] = LayerRole.Hadamard2Left,
        ["hada_w2_b"] = LayerRole.Hadamard2Right,
        ["hada_t2"] = LayerRole.Hadamard2Core,
        ["lokr_w1"] = LayerRole.Kronecker1,
        ["lokr_w1_a"] = LayerRole.Kronecker1Left,
        ["lokr_w1_b"] = LayerRole.Kronecker1Right,
        ["lokr_w2"] = LayerRole.Kronecker2,
        ["lokr_w2_a"] = LayerRole.Kronecker2Left,
        ["lokr_w2_b"] = LayerRole.Kronecker2Right,
        ["lokr_t2"] = LayerRole.Kronecker2Core,
        ["diff"] = LayerRole.Whole,
        ["diff_b"] = LayerRole.WholeBias,
        ["w_norm"] = LayerRole.Whole,
        ["b_norm"] = LayerRole.WholeBias,
    };

    // Diffusers' own halves, after ".lora", ".lora_linear_layer" or, in old files, "_lora".
    private static readonly Dictionary<string, LayerRole> Halves = new(StringComparer.Ordinal) { ["down"] = LayerRole.Down, ["up"] = LayerRole.Up };
    private static readonly string[] HalfMarks = [".lora", ".lora_linear_layer", "_lora"];

    /// <summary>Takes a name apart; null for one of no layer's.</summary>
    public static LayerKey? Of(string name)
    {
        if (name.EndsWith(".lora_B.bias", StringComparison.Ordinal))
        {
            return new(name[..^".lora_B.bias".Length], LayerRole.UpBias, null);
        }

        var bare = name.EndsWith(Weight, StringComparison.Ordinal) ? name[..^Weight.Length] : name;
        var (layer, last) = Cut(bare);
        if (Roles.TryGetValue(last, out var role))
        {
            return new(role == LayerRole.Alpha ? WithoutMark(layer) : layer, role, null);
        }

        if (Halves.TryGetValue(last, out var half))
        {
            return WithoutMark(layer) is var marked && marked != layer ? new(marked, half, null) : null;
        }

        var (owner, before) = Cut(layer);
        return owner.Length > 0 && Roles.TryGetValue(before, out var named) ? new(owner, named, last) : null;
    }

    /// <summary>How files write a role, for messages.</summary>
    public static string Name(LayerRole role) => role switch
    {
        LayerRole.Down => "down",
        LayerRole.Up => "up",
        _ => Roles.First(item => item.Value == role).Key,
    };

    private static (string Before, string Last) Cut(string name) =>
        name.LastIndexOf('.') is var dot && dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);

    private static string WithoutMark(string layer) =>
        Array.Find(HalfMarks, mark => layer.EndsWith(mark, StringComparison.Ordinal)) is { } found ? layer[..^found.Length] : layer;
}
