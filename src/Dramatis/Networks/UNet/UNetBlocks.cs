using Dramatis.Conditioning;
using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>One level on the way down: residual blocks, attention after each where the level has it, then half the size.</summary>
/// <remarks>Shapes: (B, C of the level above, H, W) to (B, C, H/2, W/2). Every intermediate result is kept for the way up.</remarks>
internal sealed class DownBlock : Module<Tensor, Tensor, StepContext, IReadOnlyList<Tensor>>
{
    private readonly ModuleList<ResnetBlock2D> resnets = [];
    private readonly ModuleList<Transformer2D> attentions = [];
    private readonly ModuleList<Downsample2D> downsamplers = [];

    public DownBlock(UNetConfig config, int level, SiteList sites)
        : base(nameof(DownBlock))
    {
        var width = config.BlockWidths[level];
        for (var layer = 0; layer < config.LayersPerBlock; layer++)
        {
            var from = layer == 0 ? config.BlockWidths[Math.Max(level - 1, 0)] : width;
            resnets.Add(new ResnetBlock2D(new(from, width, config.NormGroups, config.NormEpsilon, config.TimeWidth)));
            if (config.Attention[level])
            {
                attentions.Add(new Transformer2D(config, sites.Add($"down_blocks.{level}.attentions.{layer}", level), config.IsOnlyCross(level)));
            }
        }

        if (level < config.BlockWidths.Count - 1)
        {
            downsamplers.Add(new Downsample2D(width, symmetric: true));
        }

        RegisterComponents();
    }

    /// <summary>The results of all layers in order; the last one goes on to the next block.</summary>
    public override IReadOnlyList<Tensor> forward(Tensor x, Tensor time, StepContext context)
    {
        using var scope = NewDisposeScope();
        var results = new List<Tensor>();
        for (var layer = 0; layer < resnets.Count; layer++)
        {
            x = UNetLayer.Forward(resnets[layer], attentions.ElementAtOrDefault(layer), x, time, context);
            results.Add(x.MoveToOuterDisposeScope());
        }

        foreach (var downsampler in downsamplers)
        {
            x = downsampler.forward(x);
            results.Add(x.MoveToOuterDisposeScope());
        }

        return results;
    }
}

/// <summary>The smallest feature map: residual block, attention, residual block.</summary>
/// <remarks>Shapes: (B, C, H, W) in and out.</remarks>
internal sealed class MidBlock : Module<Tensor, Tensor, StepContext, Tensor>
{
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Transformer2D> attentions;

    public MidBlock(UNetConfig config, SiteList sites)
        : base(nameof(MidBlock))
    {
        var width = config.BlockWidths[^1];
        var shape = new ResnetShape(width, width, config.NormGroups, config.NormEpsilon, config.TimeWidth);
        resnets = new ModuleList<ResnetBlock2D>(new ResnetBlock2D(shape), new ResnetBlock2D(shape));
        attentions = new ModuleList<Transformer2D>(
            new Transformer2D(config, sites.Add("mid_block.attentions.0", config.BlockWidths.Count - 1)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor time, StepContext context)
    {
        using var scope = NewDisposeScope();
        var h = UNetLayer.Forward(resnets[0], attentions[0], x, time, context);
        return h.Then(map => UNetLayer.Forward(resnets[1], null, map, time, context)).MoveToOuterDisposeScope();
    }
}

/// <summary>One level on the way up: residual blocks that also get what the way down kept, attention, then twice the size.</summary>
/// <remarks>Shapes: (B, C of the level below, H, W) to (B, C, 2H, 2W).</remarks>
internal sealed class UpBlock : Module<Tensor, Tensor, Stack<Tensor>, StepContext, Tensor>
{
    private readonly ModuleList<ResnetBlock2D> resnets = [];
    private readonly ModuleList<Transformer2D> attentions = [];
    private readonly ModuleList<Upsample2D> upsamplers = [];

    /// <param name="block">Counted from the smallest feature map, as checkpoints do.</param>
    public UpBlock(UNetConfig config, int block, SiteList sites)
        : base(nameof(UpBlock))
    {
        var level = config.BlockWidths.Count - 1 - block;
        var width = config.BlockWidths[level];
        var below = config.BlockWidths[Math.Min(level + 1, config.BlockWidths.Count - 1)];
        var above = config.BlockWidths[Math.Max(level - 1, 0)];
        for (var layer = 0; layer <= config.LayersPerBlock; layer++)
        {
            var from = layer == 0 ? below : width;
            var kept = layer == config.LayersPerBlock ? above : width;
            resnets.Add(
                new ResnetBlock2D(new(from + kept, width, config.NormGroups, config.NormEpsilon, config.TimeWidth)));
            if (config.Attention[level])
            {
                attentions.Add(new Transformer2D(config, sites.Add($"up_blocks.{block}.attentions.{layer}", level), config.IsOnlyCross(level)));
            }
        }

        if (level > 0)
        {
            upsamplers.Add(new Upsample2D(width));
        }

        RegisterComponents();
    }

    /// <param name="kept">What the way down kept, the latest on top; this block takes its share and lets it go.</param>
    public override Tensor forward(Tensor x, Tensor time, Stack<Tensor> kept, StepContext context)
    {
        using var scope = NewDisposeScope();
        var h = x.alias();
        for (var layer = 0; layer < resnets.Count; layer++)
        {
            var (resnet, attention) = (resnets[layer], attentions.ElementAtOrDefault(layer));
            h = h.Then(below => kept.Pop().Then(beside => cat([below, beside], dim: 1)))
                .Then(both => UNetLayer.Forward(resnet, attention, both, time, context));
        }

        foreach (var upsampler in upsamplers)
        {
            // The way down rounds odd sizes up: the next kept map knows the size.
            var next = kept.Peek();
            h = h.Then(map => upsampler.forward(map, new Grid((int)next.shape[3], (int)next.shape[2])));
        }

        return h.MoveToOuterDisposeScope();
    }
}
