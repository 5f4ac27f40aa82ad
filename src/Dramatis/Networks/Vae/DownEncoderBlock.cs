using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Vae;

/// <summary>One level of the encoder: residual blocks, then half the size, except at the last level.</summary>
/// <remarks>Shapes: (B, C of the level above, H, W) to (B, C, H/2, W/2).</remarks>
internal sealed class DownEncoderBlock : Module<Tensor, Tensor>
{
    private readonly ModuleList<ResnetBlock2D> resnets = [];
    private readonly ModuleList<Downsample2D> downsamplers = [];

    public DownEncoderBlock(VaeConfig config, int level)
        : base(nameof(DownEncoderBlock))
    {
        var width = config.BlockWidths[level];
        var above = config.BlockWidths[Math.Max(level - 1, 0)];
        for (var layer = 0; layer < config.LayersPerBlock; layer++)
        {
            var from = layer == 0 ? above : width;
            resnets.Add(new ResnetBlock2D(new(from, width, config.NormGroups, VaeConfig.NormEpsilon)));
        }

        if (level < config.BlockWidths.Count - 1)
        {
            downsamplers.Add(new Downsample2D(width, symmetric: false));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var h = x.alias();
        foreach (var resnet in resnets)
        {
            h = h.Then(map => resnet.forward(map, null));
        }

        foreach (var downsampler in downsamplers)
        {
            h = h.Then(downsampler.forward);
        }

        return h.MoveToOuterDisposeScope();
    }
}
