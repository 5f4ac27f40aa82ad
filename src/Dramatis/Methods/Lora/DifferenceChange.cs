using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.Lora;

/// <summary>What the rows or columns of a changed weight are as long as: DoRA's magnitudes (Liu et al., arXiv 2402.09353).</summary>
/// <param name="Values">m, one for each output or each input.</param>
/// <param name="OfInputs">Whether lengths are taken over outputs, as older files of LyCORIS have it, and not for each output.</param>
internal sealed record Magnitudes(Tensor Values, bool OfInputs)
{
    private const double Least = 1.1920929e-7;    // of single precision, as the references add it

    public bool Fits(IReadOnlyList<long> shape) => shape.Count >= 2 && Values.numel() == shape[OfInputs ? 1 : 0];

    /// <summary>m V / ‖V‖ for V (out, in, …).</summary>
    public Tensor Apply(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var kept = OfInputs ? 1 : 0;
        var lengths = weight.transpose(0, kept).flatten(1).square().sum(1).sqrt() + Least;
        long[] across = [.. Enumerable.Range(0, (int)weight.dim()).Select(dimension => dimension == kept ? -1L : 1)];
        return (weight * (Values.to(weight.device).flatten() / lengths).view(across)).MoveToOuterDisposeScope();
    }
}

/// <summary>W + s γ Δ; with magnitudes W + s (m V / ‖V‖ − W), where V = W + γ Δ.</summary>
/// <param name="Factor">γ: α / r, or 1 for what is stored whole.</param>
internal sealed record DifferenceChange(ModelNetwork Network, string Weight, LayerDifference Difference, double Factor) : WeightChange(Network, Weight)
{
    /// <summary>Null for those of no DoRA.</summary>
    public Magnitudes? Magnitudes { get; init; }

    public override IReadOnlyList<Tensor> Tensors => [.. Difference.Tensors, .. Magnitudes is { } lengths ? [lengths.Values] : Array.Empty<Tensor>()];

    public override Tensor Apply(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        var added = Factor * Difference.Compute(weight.shape, weight.device);
        var change = Magnitudes is { } lengths ? lengths.Apply(weight + added) - weight : added;
        return (weight + (scale * change)).MoveToOuterDisposeScope();
    }

    public override bool Fits(IReadOnlyList<long> shape) => Difference.Fits(shape) && Magnitudes?.Fits(shape) != false;
}
