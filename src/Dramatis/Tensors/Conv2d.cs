using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tensors;

/// <summary>Convolution of a feature map with a square kernel, in the precision of x.</summary>
/// <remarks>Shapes: x (B, from, H, W), weight (to, from, K, K), bias (to). Starts as PyTorch's.</remarks>
internal sealed class Conv2d : Module<Tensor, Tensor>, INarrowLayer
{
    internal readonly Parameter weight;
    internal readonly Parameter? bias;
    private readonly long[] strides;
    private readonly long[] padding;

    static Conv2d() => Nnpack.TurnOff();

    internal Conv2d(ConvShape shape, Device? device)
        : base(nameof(Conv2d))
    {
        strides = [shape.Stride, shape.Stride];
        padding = [shape.Padding, shape.Padding];
        weight = StartValues.Weight(device, shape.To, shape.From, shape.Kernel, shape.Kernel);
        bias = shape.HasBias ? StartValues.Bias(weight) : null;
        RegisterComponents();
    }

    Parameter INarrowLayer.Weight => weight;

    public override Tensor forward(Tensor x)
    {
        if (weight.dtype == x.dtype)
        {
            return NarrowConvolutions.Apply(x, weight, bias, (values, kernel, shift) => functional.conv2d(values, kernel, shift, strides, padding));
        }

        using var wide = weight.to(x.dtype);
        return functional.conv2d(x, wide, bias, strides, padding);
    }
}

/// <summary>The numbers of a <see cref="Conv2d"/>.</summary>
internal readonly record struct ConvShape(int From, int To, int Kernel, int Stride, int Padding, bool HasBias);
