using System.Diagnostics;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>How a file holds a matrix.</summary>
internal enum WeightForm
{
    AsStored,

    /// <summary>With rows and columns exchanged.</summary>
    Transposed,

    /// <summary>As the kernel of a convolution of one pixel, which is the same arithmetic.</summary>
    OnePixelKernel,
}

/// <summary>What a stored tensor is to the network: one of its weights, or one of several that the file holds above each other.</summary>
/// <param name="Name">The network's name.</param>
/// <param name="Part">Which of <paramref name="Parts"/> equal parts of the rows.</param>
internal readonly record struct WeightTarget(string Name, int Part = 0, int Parts = 1, WeightForm Form = WeightForm.AsStored)
{
    /// <summary>The shape of the weight, from that of the stored tensor.</summary>
    public IReadOnlyList<long> ShapeOf(IReadOnlyList<long> stored) => Form switch
    {
        WeightForm.Transposed when stored.Count == 2 => [stored[1], stored[0]],
        WeightForm.OnePixelKernel when stored is [var rows, var columns, 1, 1] => [rows, columns],
        WeightForm.AsStored or WeightForm.Transposed or WeightForm.OnePixelKernel =>
            Parts > 1 && stored.Count > 0 && stored[0] % Parts == 0 ? [stored[0] / Parts, .. stored.Skip(1)] : stored,
        _ => throw new UnreachableException($"{Form}"),
    };

    /// <summary>Whether the stored tensor is the weight as it is.</summary>
    public bool IsWhole => Parts == 1 && Form == WeightForm.AsStored;

    /// <summary>The weight, copied out of the stored tensor.</summary>
    public Tensor Take(Tensor stored)
    {
        using var scope = NewDisposeScope();
        var view = Form switch
        {
            WeightForm.Transposed => stored.t(),
            WeightForm.OnePixelKernel when stored.dim() == 4 => stored.flatten(1),
            WeightForm.AsStored or WeightForm.OnePixelKernel => Parts > 1 ? stored.chunk(Parts)[Part] : stored,
            _ => throw new UnreachableException($"{Form}"),
        };
        return view.contiguous().clone().MoveToOuterDisposeScope();
    }
}
