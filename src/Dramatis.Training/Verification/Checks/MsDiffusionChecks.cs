using Dramatis.Checkpoints;
using Dramatis.Conditioning;
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
        using var loaded = MsAttentionLayer.Load(golden);
        var (layer, config) = (loaded.Layer, loaded.Adapter.Config);
        var (cells, text, tokens, boxes) = (golden.Tensor("hidden"), golden.Tensor("text"), golden.Tensor("image_tokens"), golden.Tensor("boxes"));
        using var session = new MsDiffusionSession(loaded.Adapter, tokens, boxes, MsDiffusionFixture.Influences(golden, (int)boxes.shape[1]));

        var grid = GridOf(golden);
        var visible = new LayoutBias(config.Dummies, config.Resampler.Queries).At(boxes, grid).squeeze(1).eq(0).to(float32);
        return golden.Compare(
            ("mid.visible", visible),
            ("mid.background", visible.select(-1, 0)),
            ("mid.text_only", layer.forward(cells, grid, new(FirstStep, text, ConditioningSession.None))),
            ("out", layer.forward(cells, grid, new(FirstStep, text, session))));
    }

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

/// <summary>The same layer, call after call, with places that its text attention gives.</summary>
internal sealed class MsAutoLayoutCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ms_attention_auto"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var loaded = MsAttentionLayer.Load(golden);
        var (text, tokens, boxes) = (golden.Tensor("text"), golden.Tensor("image_tokens"), golden.Tensor("boxes"));
        var scale = new Influence(golden.Fixture.GetProperty("scale").GetDouble());
        var words = new WordSteering(SubjectWords.Of(MsDiffusionFixture.Spans(golden.Tensor("spans")), (int)text.shape[1]))
        {
            Auto = new(golden.Fixture.GetProperty("mask_threshold").GetDouble(), golden.Fixture.GetProperty("start_step").GetInt32(), LosesUnread: true),
        };
        using var session = new MsDiffusionSession(loaded.Adapter, tokens, boxes, [.. Enumerable.Repeat(scale, (int)boxes.shape[1])], words);

        var calls = golden.Fixture.GetProperty("calls").GetInt32();
        return golden.Compare([.. Enumerable.Range(0, calls).Select(call =>
        {
            var cells = golden.Tensor($"hidden_{call}");
            var side = (int)Math.Sqrt(cells.shape[1]);
            return ($"out_{call}", loaded.Layer.forward(cells, new(side, side), new(new(call, calls, 1, 0), text, session)));
        })]);
    }
}

/// <summary>A whole UNet with all of the adapter's layers.</summary>
internal sealed class MsDenoiserCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ms_denoiser"];

    public GoldenResult Run(GoldenCase golden)
    {
        var part = ModelPart.Open(golden.PathOf(golden.Text("unet")));
        var settings = UNetConfig.Parse(part.ReadConfig(), part.ConfigPath);
        using var unet = part.Load(() => new UNet(settings));
        using var adapter = MsDiffusionFixture.Adapter(golden, unet.Sites);
        var (tokens, boxes) = (golden.Tensor("image_tokens"), golden.Tensor("boxes"));
        using var session = new MsDiffusionSession(adapter, tokens, boxes, MsDiffusionFixture.Influences(golden, (int)boxes.shape[1]));
        var context = new StepContext(new(0, 1, 1, 0), golden.Tensor("text"), session)
        {
            Added = new(golden.Tensor("text_embeds"), golden.Tensor("time_ids")),
        };
        return golden.Compare(("out", unet.forward(golden.Tensor("sample"), golden.Tensor("timestep"), context)));
    }
}
