using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.Blocks;

/// <summary><see cref="NormSiluKernel"/> for a batch, with its gradient.</summary>
/// <remarks>Shapes: x (B, C, H, W), channels last; weight and bias (C).</remarks>
internal sealed unsafe class NormSiluFunction : autograd.SingleTensorFunction<NormSiluFunction>
{
    // The tensors that a backward call returns are kept alive by its caller's scope until the whole step ends. The next call lets
    // them go: by then libtorch has them. For each thread, as scopes are.
    [ThreadStatic]
    private static Tensor[]? returned;

    public override string Name => nameof(NormSiluFunction);

    /// <summary>Whether the kernel can do this; otherwise libtorch's own operations do.</summary>
    public static bool Takes(Tensor x) =>
        NormSiluKernel.IsSupported
        && x.device.type == TorchSharp.DeviceType.CPU
        && x.dtype == ScalarType.Float32
        && x.shape[1] % NormSiluKernel.Lanes == 0
        && ChannelsLast.Is(x);

    /// <summary>SiLU of the normalised x.</summary>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor bias, int groups, double epsilon)
    {
        if (is_grad_enabled() && (x.requires_grad || weight.requires_grad || bias.requires_grad))
        {
            return apply(x, weight, bias, groups, epsilon);
        }

        var (result, stats) = Compute(x, weight, bias, groups, epsilon);
        stats.Dispose();
        return result;
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        var (result, stats) = Compute(x, weight, bias, (int)vars[3], (double)vars[4]);
        ctx.save_for_backward([x, weight, bias, stats]);
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        Array.ForEach(returned ?? [], gradient => gradient.Dispose());
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var saved = ctx.get_saved_variables();
        var (x, weight, bias, stats) = (saved[0], saved[1], saved[2], saved[3]);
        var dz = ChannelsLast.Of(grad_output);
        var dx = empty_like(x);
        var shares = empty(x.shape[0], 2, x.shape[1], device: x.device);    // (B, 2, C)
        var batch = new NormSiluBatch(x, weight, bias, stats)
        {
            Gradient = TensorPointer.Floats(dz),
            Result = TensorPointer.Floats(dx),
            Shares = TensorPointer.Floats(shares),
        };
        TorchTeam.Run(static (state, index) => ((NormSiluBatch*)state)->Backward(index), &batch, (int)x.shape[0]);
        grad_output.Dispose();

        var sums = shares.sum([0L]).unbind(0);
        returned = [dx.MoveToOuterDisposeScope(), sums[0].MoveToOuterDisposeScope(), sums[1].MoveToOuterDisposeScope()];
        return [.. returned, null!, null!];
    }

    private static (Tensor Result, Tensor Stats) Compute(Tensor x, Tensor weight, Tensor bias, int groups, double epsilon)
    {
        var result = empty_like(x);
        var stats = empty(x.shape[0], groups, 2, device: x.device);
        var batch = new NormSiluBatch(x, weight, bias, stats) { Epsilon = epsilon, Result = TensorPointer.Floats(result) };
        TorchTeam.Run(static (state, index) => ((NormSiluBatch*)state)->Forward(index), &batch, (int)x.shape[0]);
        return (result, stats);
    }
}
