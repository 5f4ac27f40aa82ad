using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>Two linear layers that turn waves into what residual blocks are told besides x: of the noise level, or of sizes and pooled text.</summary>
/// <remarks>Shapes: (B, from) to (B, time width), which usually is four times the width of the first level.</remarks>
internal sealed class TimestepEmbedding : Module<Tensor, Tensor>
{
    private readonly Linear linear_1;
    private readonly Linear linear_2;

    public TimestepEmbedding(int from, int to)
        : base(nameof(TimestepEmbedding))
    {
        linear_1 = Linear(from, to);
        linear_2 = Linear(to, to);
        RegisterComponents();
    }

    public override Tensor forward(Tensor waves)
    {
        using var scope = NewDisposeScope();
        return linear_2.forward(functional.silu(linear_1.forward(waves.to(linear_1.bias!.dtype)))).MoveToOuterDisposeScope();
    }
}
