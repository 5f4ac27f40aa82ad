using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Vae;

/// <summary>The smallest feature map: residual block, attention, residual block.</summary>
/// <remarks>Shapes: (B, C, H, W) in and out.</remarks>
internal sealed class VaeMidBlock : Module<Tensor, Tensor>
{
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<VaeAttention> attentions;

    public VaeMidBlock(VaeConfig config)
        : base(nameof(VaeMidBlock))
    {
        var width = config.BlockWidths[^1];
        var shape = new ResnetShape(width, width, config.NormGroups, VaeConfig.NormEpsilon);
        resnets = new ModuleList<ResnetBlock2D>(new ResnetBlock2D(shape), new ResnetBlock2D(shape));
        attentions = config.MidAttention ? new(new VaeAttention(width, config.NormGroups)) : [];
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var h = resnets[0].forward(x, null);
        foreach (var attention in attentions)
        {
            h = h.Then(attention.forward);
        }

        return h.Then(map => resnets[1].forward(map, null)).MoveToOuterDisposeScope();
    }
}
