using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>Networks from and to checkpoint files. Loading is strict: what does not fit exactly is an error.</summary>
internal static class Checkpoint
{
    /// <summary>Builds a network for a file: a wrong file fails before any weight has memory.</summary>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape.</exception>
    public static T Load<T>(
        Func<T> build,
        TensorArchive archive,
        KeyMap? keys = null,
        string prefix = "",
        ModelLoading? loading = null)
        where T : Module
    {
        var network = Layers.WithoutMemory(build);
        try
        {
            Fill(network, archive, Match(network.state_dict(), archive, keys ?? KeyMap.Home, prefix), loading ?? new());

            // Weights belong to the network, whatever scope its builder has open.
            foreach (var (_, weight) in network.state_dict())
            {
                weight.DetachFromDisposeScope();
            }

            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Fills a network from a file. Weights keep their type and device; values are converted.</summary>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape; the network is unchanged.</exception>
    /// <exception cref="InvalidCheckpointException">The file is missing, damaged or hostile.</exception>
    public static void LoadInto(Module network, string path, KeyMap? keys = null)
    {
        using var archive = TensorArchive.Open(path);
        LoadInto(network, archive, keys);
    }

    /// <summary>Fills a network from those tensors of an archive whose names start with a prefix.</summary>
    /// <param name="prefix">For example <c>image_proj.</c>; the names of the map and of the network come after it.</param>
    public static void LoadInto(Module network, TensorArchive archive, KeyMap? keys = null, string prefix = "")
    {
        Fill(network, archive, Match(network.state_dict(), archive, keys ?? KeyMap.Home, prefix), new());
    }

    /// <summary>Writes all weights of a network under their own names, sorted, whole or not at all.</summary>
    /// <param name="type">How to store floating-point values; null keeps each weight's own type.</param>
    /// <exception cref="OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Save(
        Module network,
        string path,
        TensorType? type = null,
        IReadOnlyDictionary<string, string>? metadata = null) => Save(network.state_dict(), path, type, metadata);

    /// <summary>Writes named tensors, sorted by name.</summary>
    public static void Save(
        IReadOnlyDictionary<string, Tensor> tensors,
        string path,
        TensorType? type = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sources = tensors.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item =>
        {
            var own = item.Value.dtype.ToTensorType();
            return TensorLoading.ToSource(item.Key, item.Value, item.Value.is_floating_point() ? type ?? own : own);
        });
        SafetensorsWriter.Write(path, [.. sources], metadata);
    }

    /// <summary>The header that readers of PyTorch's world ask for, with more.</summary>
    internal static Dictionary<string, string> TorchHeader(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var header = new Dictionary<string, string> { ["format"] = "pt" };
        foreach (var (name, value) in more)
        {
            header[name] = value;
        }

        return header;
    }

    // One stored tensor in memory at a time, besides the weights. Where it is the weight as it is, it stays; otherwise what stays
    // gets its memory before what goes, which would leave holes between weights that add up to half a model.
    private static void Fill(
        Module network,
        TensorArchive archive,
        IReadOnlyList<(string Stored, IReadOnlyList<WeightTarget> Targets)> plan,
        ModelLoading loading)
    {
        var weights = network.state_dict();
        var narrow = NarrowWeights(network, loading);
        var eightBit = loading.Storage == WeightStorage.EightBit ? EightBitLayers.Of(network) : null;
        using var off = no_grad();
        foreach (var (stored, targets) in plan)
        {
            using var scope = NewDisposeScope();
            if (targets is [{ IsWhole: true, Name: var whole }] && eightBit?.GetValueOrDefault(whole) is { } layer)
            {
                layer.Compress(archive.ToTensor(stored).to(loading.Device));
                continue;
            }

            var type = archive.Tensors[stored].Type.ToScalarType();
            var isHalf = type is ScalarType.Float16 or ScalarType.BFloat16;
            if (targets is [{ IsWhole: true, Name: var name }]
                && weights[name] is { device_type: DeviceType.META } bare && Kept(name) == new Compute(CPU, type))
            {
                Give(bare, archive.ToTensor(stored));
                continue;
            }

            var rooms = targets.Select(target => Room(weights[target.Name], Kept(target.Name))).ToList();
            var values = archive.ToTensor(stored);
            foreach (var (target, room) in targets.Zip(rooms))
            {
                room.copy_(target.IsWhole ? values : target.Take(values));
                if (weights[target.Name].device.type == DeviceType.META)
                {
                    Give(weights[target.Name], room);
                }
            }

            Compute Kept(string weight) => isHalf && narrow.Contains(weight) ? loading.Compute with { Type = type } : loading.Compute;
        }
    }

    // The weight itself, or memory for one that has none, laid out as Give wants it.
    internal static Tensor Room(Tensor weight, Compute home) =>
        weight.device.type != DeviceType.META ? weight
        : weight.shape is [var outer, var inner, var height, var width] ? empty(outer, height, width, inner, home.Type, home.Device).permute(0, 3, 1, 2)
        : empty(weight.shape, home.Type, home.Device);

    // Those that stay in half precision where a file has them so, and are widened for each call.
    internal static HashSet<string> NarrowWeights(Module network, ModelLoading loading) =>
        loading is { Storage: WeightStorage.Widened } or { Precision: not Precision.Fp32 } ? [] :
        [
            .. network is INarrowLayer ? [INarrowLayer.WeightName] : Array.Empty<string>(),
            .. network.named_modules().Where(item => item.module is INarrowLayer).Select(item => $"{item.name}.{INarrowLayer.WeightName}"),
        ];

    // Weights of convolutions are laid out like the maps they meet: otherwise each call sorts them anew, a third of its time on small maps.
    internal static void Give(Tensor weight, Tensor values)
    {
        var laid = values.dim() == 4 ? ChannelsLast.Of(values) : values;
        laid.requires_grad_(weight.requires_grad);
        TensorSwap.Exchange(weight, laid);
    }

    private static List<(string Stored, IReadOnlyList<WeightTarget> Targets)> Match(
        Dictionary<string, Tensor> weights,
        TensorArchive archive,
        KeyMap keys,
        string prefix)
    {
        var plan = new List<(string Stored, IReadOnlyList<WeightTarget> Targets)>();
        var left = new HashSet<string>(weights.Keys, StringComparer.Ordinal);
        List<string> unexpected = [], misshapen = [];
        foreach (var (stored, entry) in archive.Tensors.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var key = stored[prefix.Length..];
            var targets = keys.TargetsOf(key);
            if (keys.Ignores(key) && !targets.Any(target => weights.ContainsKey(target.Name)))
            {
                continue;
            }

            if (!targets.All(target => left.Remove(target.Name)))
            {
                unexpected.Add(stored);
                continue;
            }

            plan.Add((stored, targets));
            misshapen.AddRange(targets
                .Where(target => !target.ShapeOf(entry.Shape).SequenceEqual(weights[target.Name].shape))
                .Select(target => $"{stored} [{string.Join(", ", entry.Shape)}] for [{string.Join(", ", weights[target.Name].shape)}]"));
        }

        return left.Count + unexpected.Count + misshapen.Count == 0
            ? plan
            : throw new WeightMismatchException(
                archive.Path, Sorted(left), Sorted(unexpected), Sorted(misshapen), prefix.Length == 0 ? CheckpointKind.Of(archive)?.Title : null);
    }

    private static List<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
