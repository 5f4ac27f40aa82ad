using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.ControlNet;

/// <summary>A copy of the UNet's way down that sees a condition, for example edges, and steers the UNet by what it adds (Zhang et al., 2023).</summary>
/// <remarks>Shapes: B batch, C latent channels, H x W cells. The keys of diffusers' ControlNetModel.</remarks>
internal sealed class ControlNet : Module<Tensor, Tensor, Tensor, StepContext, ControlResiduals>
{
    private readonly Conv2d conv_in;
    private readonly TimestepEmbedding time_embedding;
    private readonly TimestepEmbedding? add_embedding;
    private readonly ConditionEmbedding controlnet_cond_embedding;
    private readonly ModuleList<DownBlock> down_blocks = [];
    private readonly ModuleList<Conv2d> controlnet_down_blocks = [];
    private readonly Conv2d controlnet_mid_block;
    private readonly MidBlock mid_block;

    public ControlNet(ControlNetConfig config)
        : base(nameof(ControlNet))
    {
        Config = config;
        var blocks = config.Blocks;
        var (widths, first) = (blocks.BlockWidths, blocks.BlockWidths[0]);
        var sites = new SiteList(blocks);
        conv_in = Conv2d(blocks.InChannels, first, kernel: 3, padding: 1);
        time_embedding = new TimestepEmbedding(first, blocks.TimeWidth);
        add_embedding = blocks.Added is { } added ? new TimestepEmbedding(added.Width, blocks.TimeWidth) : null;
        controlnet_cond_embedding = new ConditionEmbedding(config);
        controlnet_down_blocks.Add(Conv2d(first, first, kernel: 1));
        for (var level = 0; level < widths.Count; level++)
        {
            down_blocks.Add(new DownBlock(blocks, level, sites));
            var maps = blocks.LayersPerBlock + (level < widths.Count - 1 ? 1 : 0);
            for (var map = 0; map < maps; map++)
            {
                controlnet_down_blocks.Add(Conv2d(widths[level], widths[level], kernel: 1));
            }
        }

        mid_block = new MidBlock(blocks, sites);
        controlnet_mid_block = Conv2d(widths[^1], widths[^1], kernel: 1);
        RegisterComponents();
    }

    public ControlNetConfig Config { get; }

    /// <summary>What to add to the UNet's feature maps at this step; see <see cref="Scaled"/>.</summary>
    /// <param name="latents">As the UNet gets them (B, C, H, W).</param>
    /// <param name="condition">Colours from 0 to 1 (B, 3, 8 H, 8 W).</param>
    public override ControlResiduals forward(Tensor latents, Tensor timesteps, Tensor condition, StepContext context)
    {
        using var scope = NewDisposeScope();
        var time = NoiseLevelVector.Of(Config.Blocks, time_embedding, add_embedding, timesteps, context);
        var x = conv_in.forward(ChannelsLast.Of(latents)) + controlnet_cond_embedding.forward(condition);
        List<Tensor> maps = [x];
        foreach (var block in down_blocks)
        {
            maps.AddRange(block.forward(x, time, context));
            x = maps[^1];
        }

        return new(
            [.. maps.Zip(controlnet_down_blocks, (map, layer) => layer.forward(map).MoveToOuterDisposeScope())],
            controlnet_mid_block.forward(mid_block.forward(x, time, context)).MoveToOuterDisposeScope());
    }

    /// <summary>Residuals times a strength.</summary>
    /// <param name="fromWeak">Ten times weaker for the largest maps than for the smallest, evenly in the logarithm: for guesses without a prompt.</param>
    public static ControlResiduals Scaled(ControlResiduals residuals, double strength, bool fromWeak = false)
    {
        var last = residuals.Down.Count;
        return new([.. residuals.Down.Select((map, i) => map * Factor(i))], residuals.Middle * Factor(last));

        double Factor(int i) => strength * (fromWeak ? Math.Pow(10, ((double)i / last) - 1) : 1);
    }

    /// <summary>What several ControlNets add together.</summary>
    public static ControlResiduals Sum(ControlResiduals first, ControlResiduals second) =>
        new([.. first.Down.Zip(second.Down, (a, b) => a + b)], first.Middle + second.Middle);

    /// <summary>Residuals of positive rows (B, C, H, W) with as many rows of zeros before them (2 B, C, H, W): negative rows go without.</summary>
    public static ControlResiduals WithZeroRows(ControlResiduals residuals)
    {
        return new([.. residuals.Down.Select(Doubled)], Doubled(residuals.Middle));

        static Tensor Doubled(Tensor map) => cat([zeros_like(map), map]);
    }

    // Eight times smaller in both directions, by three convolutions that halve.
    private sealed class ConditionEmbedding : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv_in;
        private readonly ModuleList<Conv2d> blocks = [];
        private readonly Conv2d conv_out;

        public ConditionEmbedding(ControlNetConfig config)
            : base(nameof(ConditionEmbedding))
        {
            var widths = config.ConditionWidths;
            conv_in = Conv2d(config.ConditionChannels, widths[0], kernel: 3, padding: 1);
            foreach (var (from, to) in widths.Zip(widths.Skip(1)))
            {
                blocks.Add(Conv2d(from, from, kernel: 3, padding: 1));
                blocks.Add(Conv2d(from, to, kernel: 3, stride: 2, padding: 1));
            }

            conv_out = Conv2d(widths[^1], config.Blocks.BlockWidths[0], kernel: 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor condition)
        {
            using var scope = NewDisposeScope();
            var x = functional.silu(conv_in.forward(ChannelsLast.Of(condition)));
            foreach (var block in blocks)
            {
                x = functional.silu(block.forward(x));
            }

            return conv_out.forward(x).MoveToOuterDisposeScope();
        }
    }
}
