using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tensors;

/// <summary>x W' + b, in the precision of x.</summary>
/// <remarks>Shapes: x (…, from), W (to, from), b (to). Starts as PyTorch's.</remarks>
internal sealed class Linear : Module<Tensor, Tensor>, INarrowLayer
{
    internal readonly Parameter weight;
    internal readonly Parameter? bias;

    internal Linear(int from, int to, bool hasBias, Device? device)
        : base(nameof(Linear))
    {
        weight = StartValues.Weight(device, to, from);
        bias = hasBias ? StartValues.Bias(weight) : null;
        RegisterComponents();
    }

    Parameter INarrowLayer.Weight => weight;

    public override Tensor forward(Tensor x)
    {
        if (weight.dtype == x.dtype)
        {
            return functional.linear(x, weight, bias);
        }

        using var wide = weight.to(x.dtype);
        return functional.linear(x, wide, bias);
    }
}
