using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;

namespace Dramatis.Methods.Lora;

/// <summary>The files of cloneofsimo's code, which have numbers for names: halves are counted in the order of the modules of diffusers at the time.</summary>
/// <remarks>
/// That is down, up and middle blocks; in each attentions before residual blocks; in an attention's block the feed-forward layer before the
/// second attention, and after it in later versions. Shapes tell which. <c>unet:3:up</c> as safetensors, lists of ups and downs as pickles.
/// </remarks>
internal static class CountedLayers
{
    private static readonly string[] Standard = [".attn1.", ".attn2.", ".ff.net.0.proj"];
    private static readonly string[] Extended = [.. Standard, ".conv1", ".conv2", ".conv_shortcut", ".time_emb_proj"];
    private static readonly string[] OfText = [".self_attn."];

    private static readonly Dictionary<string, int> Order = new(StringComparer.Ordinal)
    {
        ["down_blocks"] = 0,
        ["up_blocks"] = 1,
        ["mid_block"] = 2,
        ["attentions"] = 0,
        ["resnets"] = 1,
        ["attn1"] = 0,
        ["attn2"] = 2,
        ["to_q"] = 0,
        ["to_k"] = 1,
        ["to_v"] = 2,
        ["to_out"] = 3,
        ["conv1"] = 0,
        ["time_emb_proj"] = 1,
        ["conv2"] = 2,
        ["conv_shortcut"] = 3,
        ["k_proj"] = 0,
        ["v_proj"] = 1,
        ["q_proj"] = 2,
        ["out_proj"] = 3,
    };

    public static bool Are(TensorArchive archive) => LoraKinds.Counts(archive);

    /// <summary>The layers of a file.</summary>
    /// <exception cref="InvalidCheckpointException">It has another number of them than the model, or for other shapes.</exception>
    public static List<(LayerTensors Layer, IReadOnlyList<LoraTarget> Targets)> Read(
        TensorArchive archive, BundledWords bundled, IPatchable model, out IReadOnlyList<string> unexpected)
    {
        var halves = archive.Tensors.Keys.Where(key => !bundled.Has(key)).Select(key => (Key: key, Half: Parse(key))).ToLookup(item => item.Half is not null);
        unexpected = [.. halves[false].Select(item => item.Key).Order(StringComparer.Ordinal)];
        var layers = new List<(LayerTensors, IReadOnlyList<LoraTarget>)>();
        foreach (var network in halves[true].GroupBy(item => item.Half!.Value.Network))
        {
            var pairs = network.GroupBy(item => item.Half!.Value.Index).OrderBy(pair => pair.Key)
                .Select(pair => pair.ToDictionary(item => item.Half!.Value.Role, item => item.Key)).ToList();
            foreach (var (pair, target) in pairs.Zip(Targets(archive, model, network.Key, pairs)))
            {
                var layer = new LayerTensors(target.Layer);
                foreach (var (role, key) in pair)
                {
                    layer.Add(new(target.Layer, role, null), key, archive.Path);
                }

                layers.Add((layer, [target]));
            }
        }

        return layers;
    }

    private static (string? Network, int Index, LayerRole Role)? Parse(string key)
    {
        var parts = key.Split(':');
        return parts is [var network, var index, "up" or "down"] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (network, number, parts[2] == "up" ? LayerRole.Up : LayerRole.Down)
            : int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? (null, place / 2, place % 2 == 0 ? LayerRole.Up : LayerRole.Down)
            : null;
    }

    private static List<LoraTarget> Targets(TensorArchive archive, IPatchable model, string? network, List<Dictionary<LayerRole, string>> pairs)
    {
        var all = LoraNames.Targets(model).Where(target => network is null || target.Network.Name() == network).ToArray();
        var candidates = PatchableNetworks.All.SelectMany(owner => Candidates([.. all.Where(target => target.Network == owner)]))
            .Where(list => list.Count > 0).ToList();
        return candidates.Find(list => list.Count == pairs.Count && list.Zip(pairs).All(item => Fits(archive, item.First, item.Second)))
            ?? throw new InvalidCheckpointException(
                archive.Path, $"holds changes of {pairs.Count} layers, counted and not named, that are not those of this model (which has "
                    + $"{string.Join(" or ", candidates.Select(list => list.Count).Distinct())}); use the model that it was learned with.");
    }

    private static IEnumerable<List<LoraTarget>> Candidates(LoraTarget[] targets) =>
        from parts in (string[][])[Standard, Extended, OfText]
        from feedForward in (int[])[1, 3]
        select targets.Where(target => parts.Any(part => target.Layer.Contains(part, StringComparison.Ordinal)))
            .OrderBy(target => PlaceOf(target.Layer, feedForward), Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ToList();

    private static int[] PlaceOf(string layer, int feedForward) =>
    [
        .. layer.Split('.').Select(part => part == "ff" ? feedForward
            : Order.TryGetValue(part, out var place) ? place
            : int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0),
    ];

    private static bool Fits(TensorArchive archive, LoraTarget target, Dictionary<LayerRole, string> pair) =>
        !pair.TryGetValue(LayerRole.Down, out var down) || !pair.TryGetValue(LayerRole.Up, out var up)
        || (archive.Tensors[up].Shape is [var rows, ..] && rows == target.Shape[0]
            && archive.Tensors[down].Shape is [> 0, ..] && InputsOf(archive.Tensors[down].Shape) == InputsOf(target.Shape));

    private static long InputsOf(IReadOnlyList<long> shape) => shape.Skip(1).Aggregate(1L, (product, side) => product * side);
}
