using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Vae;

/// <summary>One level of the decoder: one residual block more than the encoder has, then twice the size, except at the last.</summary>
/// <remarks>Shapes: (B, C of the level before, H, W) to (B, C, 2H, 2W). Level 0 is the smallest feature map.</remarks>
internal sealed class UpDecoderBlock : Module<Tensor, Action?, Tensor>
{
    private readonly ModuleList<ResnetBlock2D> resnets = [];
    private readonly ModuleList<Upsample2D> upsamplers = [];

    public UpDecoderBlock(VaeConfig config, int level)
        : base(nameof(UpDecoderBlock))
    {
        var width = config.BlockWidths[^(level + 1)];
        var before = config.BlockWidths[^Math.Max(level, 1)];
        for (var layer = 0; layer <= config.LayersPerBlock; layer++)
        {
            var from = layer == 0 ? before : width;
            resnets.Add(new ResnetBlock2D(new(from, width, config.NormGroups, VaeConfig.NormEpsilon)));
        }

        if (level < config.BlockWidths.Count - 1)
        {
            upsamplers.Add(new Upsample2D(width));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Action? beforeLayer)
    {
        using var scope = NewDisposeScope();
        var h = x.alias();
        foreach (var resnet in resnets)
        {
            beforeLayer?.Invoke();
            h = h.Then(map => resnet.forward(map, null));
        }

        foreach (var upsampler in upsamplers)
        {
            h = h.Then(map => upsampler.forward(map, null));
        }

        return h.MoveToOuterDisposeScope();
    }
}
