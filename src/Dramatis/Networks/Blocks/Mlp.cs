using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Blocks;

/// <summary>The feed-forward part of a transformer's layer: wider, bent, and back (…, C).</summary>
internal sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Func<Tensor, Tensor> activation;

    /// <param name="innerWidth">Between the two layers.</param>
    /// <param name="activation">What bends.</param>
    public Mlp(int width, int innerWidth, Func<Tensor, Tensor> activation)
        : base(nameof(Mlp))
    {
        this.activation = activation;
        fc1 = Linear(width, innerWidth);
        fc2 = Linear(innerWidth, width);
        RegisterComponents();
    }

    /// <summary>x Φ(x), exactly.</summary>
    public static Tensor Gelu(Tensor x) => functional.gelu(x);

    /// <summary>x σ(1.702 x), as CLIP has it.</summary>
    public static Tensor QuickGelu(Tensor x) => x * (1.702 * x).sigmoid();

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return fc2.forward(activation(fc1.forward(x))).MoveToOuterDisposeScope();
    }
}
