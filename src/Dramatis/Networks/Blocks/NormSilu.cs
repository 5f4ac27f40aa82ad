using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Blocks;

/// <summary>Group normalisation followed by SiLU: what stands before every convolution of a diffusion network.</summary>
/// <remarks>Shapes: (B, C, H, W) in and out. Has the checkpoint keys of the normalisation, since SiLU has no weights.</remarks>
internal sealed class NormSilu : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly int groups;
    private readonly double epsilon;

    public NormSilu(int groups, int width, double epsilon)
        : base(nameof(NormSilu))
    {
        this.groups = groups;
        this.epsilon = epsilon;
        weight = Constant(1, width);
        bias = Constant(0, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        if (NormSiluFunction.Takes(x))
        {
            return NormSiluFunction.Apply(x, weight, bias, groups, epsilon);
        }

        using var normed = functional.group_norm(x, groups, weight, bias, epsilon);
        return functional.silu(normed, inplace: !is_grad_enabled());
    }
}
