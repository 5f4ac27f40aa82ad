using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.Blocks;

/// <summary>Where the values of a batch lie, for one picture after the other.</summary>
internal unsafe struct NormSiluBatch(Tensor x, Tensor weight, Tensor bias, Tensor stats)
{
    private readonly int cells = checked((int)(x.shape[2] * x.shape[3]));
    private readonly int width = (int)x.shape[1];
    private readonly int groups = (int)stats.shape[1];
    private readonly float* x = TensorPointer.Floats(x);
    private readonly float* weight = TensorPointer.Floats(weight);
    private readonly float* bias = TensorPointer.Floats(bias);
    private readonly float* stats = TensorPointer.Floats(stats);

    public double Epsilon;
    public float* Gradient;
    public float* Result;
    public float* Shares;

    private readonly NormSiluShape Shape => new(cells, width, groups, Epsilon);

    public readonly void Forward(int index)
    {
        var at = (nint)index * cells * width;
        NormSiluKernel.Forward(Shape, x + at, weight, bias, stats + (2 * index * groups), Result + at);
    }

    public readonly void Backward(int index)
    {
        var at = (nint)index * cells * width;
        NormSiluKernel.Backward(
            Shape, x + at, weight, bias, stats + (2 * index * groups), Gradient + at, Result + at, Shares + (2 * index * width));
    }
}
