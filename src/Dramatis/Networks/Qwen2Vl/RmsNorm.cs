using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>x / sqrt(mean(x²) + ε), times a learned factor (Zhang and Sennrich, 2019).</summary>
internal sealed class RmsNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double epsilon;

    public RmsNorm(int width, double epsilon)
        : base(nameof(RmsNorm))
    {
        this.epsilon = epsilon;
        weight = Constant(1, width);
        RegisterComponents();
    }

    /// <summary>What the network computes in.</summary>
    public ScalarType Type => weight.dtype;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.Widen();
        var normed = wide * (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return (weight * normed.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
