using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.Cones;

/// <summary>M ⊙ W, while the mask is searched.</summary>
/// <param name="Shift">
/// M - 1, of the weight's shape. Steps are a billionth of 1, which single precision holds next to 0 and loses next to 1.
/// </param>
internal sealed record MaskedWeight(ModelNetwork Network, string Weight, Tensor Shift) : WeightChange(Network, Weight)
{
    public override IReadOnlyList<Tensor> Tensors => [Shift];

    public override Tensor Apply(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        return (weight * (1 + (scale * Shift))).MoveToOuterDisposeScope();
    }

    public override bool Fits(IReadOnlyList<long> shape) => Shift.shape.SequenceEqual(shape);
}

/// <summary>Some numbers of a weight removed: concept neurons, silenced. A scale between 0 and 1 leaves part of them.</summary>
/// <param name="Indices">Where they are in the weight laid out flat (n).</param>
internal sealed record SilencedNeurons(ModelNetwork Network, string Weight, Tensor Indices) : WeightChange(Network, Weight)
{
    public override IReadOnlyList<Tensor> Tensors => [Indices];

    public override Tensor Apply(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        var flat = weight.flatten();
        var indices = Indices.to(weight.device);
        var left = flat.index_select(0, indices) * (1 - scale);
        return flat.index_copy(0, indices, left).view(weight.shape).MoveToOuterDisposeScope();
    }

    public override bool Fits(IReadOnlyList<long> shape)
    {
        using var scope = NewDisposeScope();
        return Indices.numel() == 0
            || (Indices.min().item<long>() >= 0 && Indices.max().item<long>() < shape.Aggregate(1L, (product, side) => product * side));
    }
}
