using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.Lora;

/// <summary>What a file has for one layer, and the changes that it stands for: here all kinds of files become differences of weights.</summary>
/// <param name="name">The layer's name in the file.</param>
internal sealed class LayerTensors(string name)
{
    private readonly Dictionary<LayerRole, (string Key, string? Adapter)> keys = [];

    public string Name => name;

    public IEnumerable<string> Keys => keys.Values.Select(item => item.Key);

    /// <exception cref="InvalidCheckpointException">It has such a tensor already: the file holds several adapters.</exception>
    public void Add(LayerKey key, string stored, string path)
    {
        if (keys.TryGetValue(key.Role, out var other))
        {
            throw new InvalidCheckpointException(
                path, $"has two tensors for one place, '{other.Key}' and '{stored}': it holds several adapters. Save each in a file of its own.");
        }

        keys.Add(key.Role, (stored, key.Adapter));
    }

    /// <summary>The roles that are needed beside those that are there.</summary>
    public IEnumerable<LayerRole> Missing() => Needed().Where(role => !keys.ContainsKey(role));

    /// <summary>The changes, whose tensors the caller owns.</summary>
    /// <exception cref="InvalidCheckpointException">A tensor is of no use where it stands, or holds values that are no numbers.</exception>
    public IReadOnlyList<WeightChange> Changes(TensorArchive archive, LoraTarget target, LoraHeader header)
    {
        using var scope = NewDisposeScope();
        var changes = new List<WeightChange>();
        AddChanges(new(archive, this), target, header, changes);
        foreach (var tensor in changes.SelectMany(change => change.Tensors))
        {
            tensor.DetachFromDisposeScope();
        }

        return changes;
    }

    private static void AddChanges(Values values, LoraTarget target, LoraHeader header, List<WeightChange> changes)
    {
        var alpha = values.Number(LayerRole.Alpha);
        if (Product(values) is { } product)
        {
            var factor = (product.Rank is { } rank ? header.FactorOf(target, rank, alpha) : 1) * (values.Number(LayerRole.Factor) ?? 1);
            changes.Add(IsPlain(values, product)
                ? new LowRankChange(target.Network, target.Weight, product.Tensors[1], product.Tensors[0], factor)
                : new DifferenceChange(target.Network, target.Weight, product, factor) { Magnitudes = Lengths(values, target) });
            if (values.Take(LayerRole.UpBias) is { } bias)
            {
                changes.Add(new DifferenceChange(target.Network, target.Bias, Whole(bias), factor));
            }
        }

        if (values.Take(LayerRole.Whole) is { } whole)
        {
            var lengths = changes.Count == 0 ? Lengths(values, target) : null;
            changes.Add(new DifferenceChange(target.Network, target.Weight, Whole(whole), 1) { Magnitudes = lengths });
        }

        if (values.Take(LayerRole.WholeBias) is { } wholeBias)
        {
            changes.Add(new DifferenceChange(target.Network, target.Bias, Whole(wholeBias), 1));
        }
    }

    private static bool IsPlain(Values values, LayerDifference product) =>
        product.Form == DifferenceForm.Matrix && product.Tensors.Count == 2 && !values.Has(LayerRole.Scale) && !values.Has(LayerRole.OutputScale);

    private static LayerDifference Whole(Tensor values) => new(DifferenceForm.Matrix, MatrixFactors.Whole(values));

    private static LayerDifference? Product(Values values) =>
        values.Has(LayerRole.Down)
            ? new(DifferenceForm.Matrix, MatrixFactors.Product(values.Matrix(LayerRole.Up), values.Matrix(LayerRole.Down), values.Take(LayerRole.Middle)))
        : values.Has(LayerRole.Hadamard1Left)
            ? new(
                DifferenceForm.Hadamard,
                values.Product(LayerRole.Hadamard1Left, LayerRole.Hadamard1Right, LayerRole.Hadamard1Core),
                values.Product(LayerRole.Hadamard2Left, LayerRole.Hadamard2Right, LayerRole.Hadamard2Core))
        : values.Has(LayerRole.Kronecker1) || values.Has(LayerRole.Kronecker1Left)
            ? new(
                DifferenceForm.Kronecker,
                values.Take(LayerRole.Kronecker1) is { } first
                    ? MatrixFactors.Whole(first)
                    : values.Product(LayerRole.Kronecker1Left, LayerRole.Kronecker1Right),
                values.Take(LayerRole.Kronecker2) is { } second
                    ? MatrixFactors.Whole(second)
                    : values.Product(LayerRole.Kronecker2Left, LayerRole.Kronecker2Right, LayerRole.Kronecker2Core))
        : null;

    // LyCORIS keeps all dimensions, so that the shape says which way lengths were taken; one of PEFT's is an output's always.
    private static Magnitudes? Lengths(Values values, LoraTarget target)
    {
        if (values.Take(LayerRole.OutputScale) is { } ofOutputs)
        {
            return new(ofOutputs, OfInputs: false);
        }

        return values.Take(LayerRole.Scale) is not { } scale ? null
            : new(scale, OfInputs: scale.shape is [1, > 1, ..]
                || (scale.numel() != target.Shape[0] && target.Shape.Count > 1 && scale.numel() == target.Shape[1]));
    }

    private IEnumerable<LayerRole> Needed()
    {
        var isHadamard = HasAny(LayerRole.Hadamard1Left, LayerRole.Hadamard2Core);
        var isKronecker = HasAny(LayerRole.Kronecker1, LayerRole.Kronecker2Core);
        return
        [
            .. HasAny(LayerRole.Down, LayerRole.UpBias) || !(isHadamard || isKronecker || HasAny(LayerRole.Whole, LayerRole.WholeBias))
                ? [LayerRole.Down, LayerRole.Up] : Array.Empty<LayerRole>(),
            .. isHadamard
                ? [LayerRole.Hadamard1Left, LayerRole.Hadamard1Right, LayerRole.Hadamard2Left, LayerRole.Hadamard2Right] : Array.Empty<LayerRole>(),
            .. keys.ContainsKey(LayerRole.Hadamard1Core) || keys.ContainsKey(LayerRole.Hadamard2Core)
                ? [LayerRole.Hadamard1Core, LayerRole.Hadamard2Core] : Array.Empty<LayerRole>(),
            .. isKronecker ? Sides(LayerRole.Kronecker1, LayerRole.Kronecker1Left, LayerRole.Kronecker1Right) : [],
            .. isKronecker ? Sides(LayerRole.Kronecker2, LayerRole.Kronecker2Left, LayerRole.Kronecker2Right) : [],
        ];
    }

    // Roles of a kind stand together.
    private bool HasAny(LayerRole first, LayerRole last) => keys.Keys.Any(role => role >= first && role <= last);

    private LayerRole[] Sides(LayerRole whole, LayerRole left, LayerRole right) =>
        keys.ContainsKey(left) || keys.ContainsKey(right) ? [left, right] : [whole];

    /// <summary>The tensors of one layer, read when they are asked for.</summary>
    private sealed class Values(TensorArchive archive, LayerTensors layer)
    {
        public bool Has(LayerRole role) => layer.keys.ContainsKey(role);

        public Tensor? Take(LayerRole role) => layer.keys.TryGetValue(role, out var item) ? archive.ToFinite(item.Key) : null;

        public double? Number(LayerRole role)
        {
            if (!layer.keys.TryGetValue(role, out var item))
            {
                return null;
            }

            var stored = archive.ToFinite(item.Key, ScalarType.Float64);
            return stored.numel() == 1 ? stored.sum().item<double>() : throw new InvalidCheckpointException(
                archive.Path, $"has {stored.numel()} numbers for '{item.Key}' where one belongs; copy or download it again.");
        }

        /// <summary>Half of a product, which is a matrix or a kernel.</summary>
        public Tensor Matrix(LayerRole role)
        {
            var tensor = Take(role)!;
            return tensor.dim() < 2
                ? throw new InvalidCheckpointException(
                    archive.Path, $"has a single row for '{layer.keys[role].Key}' where a matrix belongs; copy or download it again.")
                : Has(LayerRole.Middle) ? tensor.flatten(1) : tensor;
        }

        /// <summary>Factors of LyCORIS; beside a core, the left one lies on its side.</summary>
        public MatrixFactors Product(LayerRole left, LayerRole right, LayerRole? core = null)
        {
            var (b, a) = (Matrix(left), Matrix(right));
            var t = core is { } role ? Take(role) : null;
            return MatrixFactors.Product(t is null ? b : b.flatten(1).t().contiguous(), t is null ? a : a.flatten(1), t);
        }
    }
}
