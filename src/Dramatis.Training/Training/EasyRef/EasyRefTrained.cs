using Dramatis.Methods.EasyRef;
using Dramatis.Networks.UNet;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.EasyRef;

/// <summary>The weights of a training; those that a stage trains want gradients.</summary>
/// <remarks>The first stage trains the final layer, the projector and the image projections; later ones the whole language model too, and low-rank changes.</remarks>
internal sealed class EasyRefTrained : Module
{
    private const string Language = "multimodal_llm.";

    private static readonly (string Own, string Layer)[] Changed = [("to_q_lora", "to_q"), ("to_k_lora", "to_k"), ("to_v_lora", "to_v"), ("to_out_lora", "to_out.0")];

    private readonly IReadOnlyDictionary<string, string> paths;
    private readonly IReadOnlyList<(string Name, Tensor Weight)> tuned;    // an average that stands in for its weight at the end wants no gradient
    private readonly List<(string Name, LowRankChange Change)> lowRank = [];

    /// <param name="network">Belongs to this from now on.</param>
    /// <param name="unet">Which is changed; it stays as it is.</param>
    /// <param name="stage">1 to 3.</param>
    /// <param name="rank">Of changes that begin as nothing; null for none, or where there are some already.</param>
    /// <param name="start">Changes that an earlier stage has made; they are copied.</param>
    /// <param name="seed">Of the changes' start values.</param>
    public EasyRefTrained(EasyRefNetwork network, UNet unet, int stage, int? rank = null, IReadOnlyList<LowRankChange>? start = null, ulong seed = 0)
        : base(nameof(EasyRefTrained))
    {
        Network = network;
        paths = EasyRefNames.Layers(unet.Sites).ToDictionary(layer => layer.Number, layer => layer.Path);
        register_module("network", network);
        foreach (var (name, weight) in network.named_parameters())
        {
            weight.requires_grad = stage > 1 || !name.StartsWith(Language, StringComparison.Ordinal);
        }

        tuned = [.. network.named_parameters().Where(item => item.parameter.requires_grad).Select(item => (item.name, (Tensor)item.parameter))];

        using var generator = new Generator(seed, CPU);
        var weights = unet.state_dict();
        var begun = start?.ToDictionary(change => change.Weight) ?? [];
        foreach (var (path, own, weight) in rank is null && start is null ? [] : Layers())
        {
            Add($"unet.{path}.processor.{own}", weight, begun.TryGetValue(weight, out var change)
                ? (change.Down.clone(), change.Up.clone())
                : Begin(weights[weight].shape, rank!.Value, generator));
        }
    }

    public EasyRefNetwork Network { get; }

    /// <summary>What the changes make of the denoiser; null where there are none. It reads the weights that are trained.</summary>
    public WeightPatch? Patch => lowRank.Count == 0 ? null : new("the changes in training", [.. lowRank.Select(item => item.Change)]);

    /// <summary>What is trained, by the names of published checkpoints.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights() => tuned
        .Select(item => KeyValuePair.Create(Published(item.Name), item.Weight))
        .Concat(lowRank.SelectMany(item => new[]
        {
            KeyValuePair.Create($"{item.Name}.down.weight", item.Change.Down), KeyValuePair.Create($"{item.Name}.up.weight", item.Change.Up),
        })).ToDictionary();

    private IEnumerable<(string Path, string Own, string Weight)> Layers() =>
        paths.Values.SelectMany(path => Changed.Select(item => (path, item.Own, $"{path}.{item.Layer}.weight")));

    // adapter_modules.3.to_k_ip.weight to unet.….attn2.processor.to_k_ip.weight.
    private string Published(string name) =>
        name.StartsWith(EasyRefNames.AdapterPrefix, StringComparison.Ordinal) && name[EasyRefNames.AdapterPrefix.Length..].Split('.', 2) is [var number, var rest]
            ? $"unet.{paths[number]}.processor.{rest}"
            : name;

    // A ~ N(0, 1 / r²) and B = 0: at first nothing changes.
    private static (Tensor Down, Tensor Up) Begin(long[] shape, int rank, Generator generator) =>
        (randn([rank, shape[1]], generator: generator) / rank, zeros(shape[0], rank));

    private void Add(string name, string weight, (Tensor Down, Tensor Up) values)
    {
        using var scope = NewDisposeScope();
        var (down, up) = (Parameter(values.Down), Parameter(values.Up));
        var flat = name.Replace('.', '_');
        register_parameter($"{flat}_down", down);
        register_parameter($"{flat}_up", up);
        lowRank.Add((name, new(ModelNetwork.UNet, weight, down.DetachFromDisposeScope(), up.DetachFromDisposeScope(), Factor: 1)));
    }
}
