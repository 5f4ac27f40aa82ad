using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Configs;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Resampler;
using Dramatis.Networks.UNet;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Features, phrases and places to tokens, by weights in the official <c>ms_adapter.bin</c>.</summary>
internal sealed class MsResamplerCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ms_resampler"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var file = TensorArchive.Open(golden.PathOf(golden.Text("adapter")));
        var config = MsDiffusionFixture.Config(golden, file).Resampler;
        using var resampler = Checkpoint.Load(() => new GroundingResampler(config), file, prefix: "image_proj.");

        // One flag for each picture, whose subjects are rows one after another.
        var boxes = golden.Tensor("boxes");
        var flags = golden.Fixture.GetProperty("drop_grounding_tokens").EnumerateArray().Select(flag => flag.GetInt32() == 1).ToArray();
        var ungrounded = tensor(flags).repeat_interleave(boxes.shape[0] / flags.Length);
        return golden.Compare(
            ("mid.fourier", FourierPlaces.OfBoxes(boxes, config.Frequencies)),
            ("tokens", resampler.forward(golden.Tensor("features"), golden.Tensor("phrases"), boxes, ungrounded)));
    }
}

/// <summary>One cross-attention layer of a UNet with the adapter's branch.</summary>
internal sealed class MsAttentionCheck : IGoldenCheck
{
    private static readonly StepInfo FirstStep = new(0, 1, 1, 0);

    public IReadOnlyList<string> Components => ["ms_attention"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var file = TensorArchive.Open(golden.PathOf(golden.Text("adapter")));
        using var unet = ModelPart.Open(golden.PathOf(golden.Text("unet"))).OpenWeights();
        var config = MsDiffusionFixture.Config(golden, file);
        var (cells, text, tokens, boxes) = (golden.Tensor("hidden"), golden.Tensor("text"), golden.Tensor("image_tokens"), golden.Tensor("boxes"));
        var sites = MsDiffusionFixture.Sites(file, (int)cells.shape[^1] / golden.Fixture.GetProperty("heads").GetInt32());
        var site = sites.Single(candidate => (2 * candidate.Index) + 1 == golden.Fixture.GetProperty("adapter_index").GetInt32());
        using var layer = Checkpoint.Load(() => new CrossAttention(site, (int)text.shape[^1]), unet, prefix: $"{golden.Text("layer")}.");
        using var adapter = Checkpoint.Load(() => new MsDiffusionAdapter(config, sites), file);
        using var session = new MsDiffusionSession(adapter, tokens, boxes, Influences(golden, (int)boxes.shape[1]));

        var grid = GridOf(golden);
        var visible = new LayoutBias(config.Dummies, config.Resampler.Queries).At(boxes, grid).squeeze(1).eq(0).to(float32);
        return golden.Compare(
            ("mid.visible", visible),
            ("mid.background", visible.select(-1, 0)),
            ("mid.text_only", layer.forward(cells, grid, new(FirstStep, text, ConditioningSession.None))),
            ("out", layer.forward(cells, grid, new(FirstStep, text, session))));
    }

    // The reference ignores its common scale where each subject has its own.
    private static List<Influence> Influences(GoldenCase golden, int subjects) =>
        golden.Fixture.GetProperty("subject_scales") is { ValueKind: System.Text.Json.JsonValueKind.Array } own
            ? [.. own.EnumerateArray().Select(scale => new Influence(scale.GetDouble()))]
            : [.. Enumerable.Repeat(new Influence(golden.Fixture.GetProperty("scale").GetDouble()), subjects)];

    // The reference takes every feature map for a square one; the layer asks its grid for nothing but places.
    private static Grid GridOf(GoldenCase golden)
    {
        var grid = golden.Fixture.GetProperty("grid");
        var (rows, columns) = (grid[0].GetInt32(), grid[1].GetInt32());
        var side = (int)Math.Sqrt(rows * columns);
        return golden.Fixture.TryGetProperty("mode", out var mode) && mode.GetString() == "official-square"
            ? new(side, side)
            : new(columns, rows);
    }
}

/// <summary>What both checks read.</summary>
file static class MsDiffusionFixture
{
    public static MsDiffusionConfig Config(GoldenCase golden, TensorArchive weights)
    {
        var path = golden.Text("adapter_settings");
        var settings = ConfigReader.Parse(golden.ReadText(path), golden.PathOf(path));
        return MsDiffusionConfig.Of(weights, settings.Whole("heads"), settings.Whole("dim_head"));
    }

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
