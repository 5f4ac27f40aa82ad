using System.IO.Compression;
using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Networks.UNet;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch.nn;

namespace Dramatis.Verification.Checks;

/// <summary>The checkpoints of the official training, which are read whole: every name has its place.</summary>
internal sealed class EasyRefCheckpointCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["easyref_checkpoint"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = new GoldenNetworks(golden.PathOf("../models/sdxl"));
        using var keys = EasyRefLayout.ReadKeys(golden);
        return GoldenResult.Count("names", [.. EasyRefLayout.Order(golden, model.UNet.Sites), .. keys.RootElement.EnumerateObject()
            .SelectMany(stage => Read(golden, model, stage.Name, [.. stage.Value.EnumerateArray().Select(name => name.GetString()!)]))]);
    }

    private static IEnumerable<string> Read(GoldenCase golden, GoldenNetworks model, string stage, string[] names)
    {
        using var weights = TensorArchive.Open(golden.PathOf(golden.Text(stage)));
        var missing = names.Where(name => !weights.Tensors.ContainsKey(name) && !weights.Tensors.ContainsKey($"module.{name}"));
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        EasyRefFile.RefuseUnknown(checkpoint);
        using var network = EasyRefFile.LoadNetwork(checkpoint, ModelPart.Open(golden.PathOf("../models/qwen2vl")), model.UNet);
        using var patch = EasyRefFile.ReadPatch(checkpoint, model, BaseWeights.Checkpoint);
        var lowRank = patch!.Changes.OfType<LowRankChange>().ToList();
        var expected = names.Count(name => name.StartsWith("unet.", StringComparison.Ordinal) && name.EndsWith("_lora.down.weight", StringComparison.Ordinal));
        return
        [
            .. missing.Select(name => $"{stage} lacks {name}"),
            .. network.Final.Tokens == golden.Number("num_tokens") ? Array.Empty<string>() : [$"{stage} has {network.Final.Tokens} tokens"],
            .. lowRank.Count == expected ? Array.Empty<string>() : [$"{stage} has {lowRank.Count} changes of low rank for {expected}"],
            .. lowRank.Where(change => change.Down.shape[0] != golden.Number("lora_rank")).Select(change => $"{change.Weight} has the rank {change.Down.shape[0]}"),
        ];
    }
}

/// <summary>Names, shapes and numbers of all weights at full size; no memory is taken.</summary>
internal sealed class EasyRefLayoutCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["easyref_layout"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var unet = Layers.WithoutMemory(() => new UNet(ModelFamily.Sdxl.UNet));
        using var network = Layers.WithoutMemory(() => new EasyRefNetwork(new(Qwen2VlConfig.TwoBillion, 64, unet.Config.TextWidth), unet.Sites));
        using var keys = EasyRefLayout.ReadKeys(golden);
        var expected = keys.RootElement.EnumerateObject().ToDictionary(item => item.Name, item => string.Join('x', item.Value.EnumerateArray()));
        var numbers = EasyRefNames.Layers(unet.Sites).ToDictionary(layer => layer.Path, layer => layer.Number);
        var ours = Shapes(network, "").Concat(Shapes(unet, "unet.")).Concat(LowRank(unet, numbers, expected)).ToDictionary(item => item.Name, item => item.Shape);
        var published = expected.Where(item => item.Key != "multimodal_llm.lm_head.weight").ToDictionary(item => Rename(item.Key, numbers), item => item.Value);
        return GoldenResult.Count("weights",
        [
            .. EasyRefLayout.Order(golden, unet.Sites),
            .. published.Where(item => ours.GetValueOrDefault(item.Key) != item.Value).Select(item => $"{item.Key} is not {item.Value}"),
            .. ours.Keys.Where(name => !published.ContainsKey(name)).Select(name => $"{name} is no weight of the official module"),
            .. Counts(golden, network),
        ]);
    }

    private static IEnumerable<(string Name, string Shape)> Shapes(Module network, string prefix) =>
        network.state_dict().Select(item => (prefix + item.Key, string.Join('x', item.Value.shape)));

    // A change fits where the product of its two matrices has the shape of the weight.
    private static IEnumerable<(string Name, string Shape)> LowRank(UNet unet, Dictionary<string, string> numbers, Dictionary<string, string> expected)
    {
        var weights = unet.state_dict();
        foreach (var (path, number) in numbers)
        {
            foreach (var (layer, weight) in new[] { ("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("out", "to_out.0") })
            {
                var (outer, inner) = (weights[$"{path}.{weight}.weight"].shape[0], weights[$"{path}.{weight}.weight"].shape[1]);
                var rank = expected[$"unet.{path}.processor.to_{layer}_lora.down.weight"].Split('x')[0];
                yield return ($"adapter_modules.{number}.to_{layer}_lora.down.weight", $"{rank}x{inner}");
                yield return ($"adapter_modules.{number}.to_{layer}_lora.up.weight", $"{outer}x{rank}");
            }
        }
    }

    private static string Rename(string name, Dictionary<string, string> numbers) =>
        name.Split(".processor.") is [var path, var rest] ? $"adapter_modules.{numbers[path["unet.".Length..]]}.{rest}" : name;

    private static IEnumerable<string> Counts(GoldenCase golden, EasyRefNetwork network)
    {
        (string Name, Func<string, bool> Counts)[] parts =
        [
            ("vision", name => name.StartsWith("multimodal_llm.visual.", StringComparison.Ordinal)),
            ("embedding", name => name.Contains("embed_tokens", StringComparison.Ordinal)),
            ("trunk_layers", name => name.StartsWith("multimodal_llm.model.layers.", StringComparison.Ordinal)),
            ("final_layer_module", name => name.StartsWith("mllm_final_layer.", StringComparison.Ordinal)),
            ("projector", name => name.StartsWith("image_proj_model.", StringComparison.Ordinal)),
            ("reference_kv", name => name.StartsWith("adapter_modules.", StringComparison.Ordinal)),
        ];
        return
        [
            .. from part in parts
               let count = network.state_dict().Where(item => part.Counts(item.Key)).Sum(item => item.Value.numel())
               let expected = golden.Fixture.GetProperty("parameter_counts").GetProperty(part.Name).GetInt64()
               where count != expected
               select $"{part.Name} has {count} weights for {expected}",
        ];
    }
}

/// <summary>What fixtures say of checkpoints' names.</summary>
internal static class EasyRefLayout
{
    public static JsonDocument ReadKeys(GoldenCase golden)
    {
        using var file = new GZipStream(File.OpenRead(golden.PathOf(golden.Text("keys"))), CompressionMode.Decompress);
        return JsonDocument.Parse(file);
    }

    /// <summary>Where our order of the attention layers is another than the official one.</summary>
    public static IEnumerable<string> Order(GoldenCase golden, IReadOnlyList<AttentionSite> sites)
    {
        var expected = golden.Fixture.GetProperty("processor_order").EnumerateArray().Select(name => name.GetString()!).ToList();
        var ours = EasyRefNames.Layers(sites).Select(layer => $"{layer.Path}.processor").ToList();
        return ours.Count == expected.Count
            ? ours.Zip(expected).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.First} stands for {pair.Second}")
            : [$"{ours.Count} attention layers for {expected.Count}"];
    }
}
