using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tensors;

/// <summary>x W' + b, in the precision of x.</summary>
/// <remarks>
/// The weight may be held in half precision, or in 8 bits with a factor for each row, and is widened for each call. Shapes: x (…, from), W (to, from), b (to).
/// Starts as PyTorch's.
/// </remarks>
internal sealed class Linear : Module<Tensor, Tensor>, INarrowLayer
{
    internal readonly Parameter weight;
    internal readonly Parameter? bias;
    private RowFactors? factors;

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

        using var wide = factors is null ? weight.to(x.dtype) : weight.to(x.dtype).mul_(factors.Values.to(x.dtype));
        return functional.linear(x, wide, bias);
    }

    /// <summary>Holds these values from now on in 8 bits: each row in parts of a 127th of its largest number.</summary>
    /// <param name="values">(to, from), where the layer is to be; its own weight, or one to come.</param>
    internal void Compress(Tensor values)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var wide = values.to(ScalarType.Float32);
        var parts = (wide.abs().amax([1], keepdim: true) / sbyte.MaxValue).clamp_min(float.Epsilon);
        factors?.Values.Dispose();
        factors = new(parts.DetachFromDisposeScope());
        TensorSwap.Exchange(weight, (wide / parts).round().to(ScalarType.Int8));    // what goes is the scope's then
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            factors?.Values.Dispose();
        }

        base.Dispose(disposing);
    }

    // Not a tensor by itself: it is no part of a checkpoint.
    private sealed record RowFactors(Tensor Values);
}
