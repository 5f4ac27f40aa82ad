using System.Globalization;
using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Configs;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.UNet;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>What the checks of MS-Diffusion read.</summary>
internal static class MsDiffusionFixture
{
    public static MsDiffusionConfig Config(GoldenCase golden, TensorArchive weights)
    {
        var path = golden.Text("adapter_settings");
        var settings = ConfigReader.Parse(golden.ReadText(path), golden.PathOf(path));
        return MsDiffusionConfig.Of(weights, settings.Whole("dim_head"));
    }

    /// <summary>The official file, for the sites of a network.</summary>
    public static MsDiffusionAdapter Adapter(GoldenCase golden, IReadOnlyList<AttentionSite> sites)
    {
        using var file = TensorArchive.Open(golden.PathOf(golden.Text("adapter")));
        var config = Config(golden, file);
        return Checkpoint.Load(() => new MsDiffusionAdapter(config, sites), file);
    }

    /// <summary>Spans (B, n, 2) as the checks' inputs have them.</summary>
    public static IReadOnlyList<IReadOnlyList<TokenSpan>> Spans(Tensor spans) =>
    [
        .. Enumerable.Range(0, (int)spans.shape[0]).Select(row => (TokenSpan[])
        [
            .. Enumerable.Range(0, (int)spans.shape[1]).Select(i => new TokenSpan((int)spans[row, i, 0].item<long>(), (int)spans[row, i, 1].item<long>())),
        ]),
    ];

    /// <summary>Every subject's strength: the reference ignores its common scale where each subject has its own.</summary>
    public static List<double> Strengths(GoldenCase golden, int subjects) =>
        golden.Fixture.GetProperty("subject_scales") is { ValueKind: JsonValueKind.Array } own
            ? [.. own.EnumerateArray().Select(scale => scale.GetDouble())]
            : [.. Enumerable.Repeat(golden.Fixture.GetProperty("scale").GetDouble(), subjects)];

    public static List<Influence> Influences(GoldenCase golden, int subjects) =>
        [.. Strengths(golden, subjects).Select(strength => new Influence(strength))];

    /// <summary>The sites an official file has weights for.</summary>
    public static List<AttentionSite> Sites(TensorArchive weights, int headWidth) =>
    [
        .. weights.Tensors.Values
            .Where(entry => entry.Name.StartsWith("ms_adapter.", StringComparison.Ordinal) && entry.Name.EndsWith("to_k_ip.weight", StringComparison.Ordinal))
            .Select(entry => new AttentionSite
            {
                Index = (int.Parse(entry.Name.Split('.')[1], CultureInfo.InvariantCulture) - 1) / 2,
                Path = entry.Name,
                Width = (int)entry.Shape[0],
                Heads = (int)entry.Shape[0] / headWidth,
            })
            .OrderBy(site => site.Index),
    ];
}

/// <summary>One cross-attention layer and the adapter for it.</summary>
internal sealed record MsAttentionLayer(CrossAttention Layer, MsDiffusionAdapter Adapter) : IDisposable
{
    public static MsAttentionLayer Load(GoldenCase golden)
    {
        using var file = TensorArchive.Open(golden.PathOf(golden.Text("adapter")));
        using var unet = ModelPart.Open(golden.PathOf(golden.Text("unet"))).OpenWeights();
        var query = unet.Tensors[$"{golden.Text("layer")}.to_q.weight"].Shape[0];
        var key = unet.Tensors[$"{golden.Text("layer")}.to_k.weight"].Shape[1];
        var sites = MsDiffusionFixture.Sites(file, (int)query / golden.Fixture.GetProperty("heads").GetInt32());
        var site = sites.Single(candidate => candidate.LayerNumber == golden.Fixture.GetProperty("adapter_index").GetInt32());
        return new(
            Checkpoint.Load(() => new CrossAttention(site, (int)key), unet, prefix: $"{golden.Text("layer")}."),
            MsDiffusionFixture.Adapter(golden, sites));
    }

    public void Dispose()
    {
        Layer.Dispose();
        Adapter.Dispose();
    }
}
