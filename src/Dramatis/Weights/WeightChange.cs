using Dramatis.Checkpoints.Kinds;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>What a patch does to one weight of a model.</summary>
/// <param name="Network">The denoiser, or a text encoder.</param>
/// <param name="Weight">The network's own name for the weight.</param>
internal abstract record WeightChange(ModelNetwork Network, string Weight)
{
    /// <summary>What it is made of.</summary>
    public abstract IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>The changed weight, a new tensor where the weight is. Gradients flow to <see cref="Tensors"/>.</summary>
    /// <param name="weight">Borrowed; it may have been changed before.</param>
    /// <param name="scale">1 as learned.</param>
    public abstract Tensor Apply(Tensor weight, double scale);

    /// <summary>Whether it can change a weight of that shape.</summary>
    public abstract bool Fits(IReadOnlyList<long> shape);
}

/// <summary>W + s (α / r) B A (Hu et al., 2022), for matrices and for kernels of convolutions.</summary>
/// <param name="Down">A (r, in, …).</param>
/// <param name="Up">B (out, r, …).</param>
/// <param name="Factor">α / r.</param>
internal sealed record LowRankChange(ModelNetwork Network, string Weight, Tensor Down, Tensor Up, double Factor) : WeightChange(Network, Weight)
{
    public override IReadOnlyList<Tensor> Tensors => [Down, Up];

    public override Tensor Apply(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        var (down, up) = (Down.to(weight.device), Up.to(weight.device));
        var product = up.flatten(1).mm(down.flatten(1)).view(weight.shape);
        return (weight + (scale * Factor * product)).MoveToOuterDisposeScope();
    }

    public override bool Fits(IReadOnlyList<long> shape) =>
        shape.Count >= 2
        && Up.shape[0] == shape[0]
        && Up.numel() == shape[0] * Down.shape[0]
        && Down.numel() == Down.shape[0] * shape.Skip(1).Aggregate(1L, (product, side) => product * side);
}

/// <summary>Other values; a scale between 0 and 1 gives something in between.</summary>
internal sealed record NewValues(ModelNetwork Network, string Weight, Tensor Values) : WeightChange(Network, Weight)
{
    public override IReadOnlyList<Tensor> Tensors => [Values];

    public override Tensor Apply(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        var values = Values.to(weight.device);
        return (scale == 1 ? values.alias() : weight + (scale * (values - weight))).MoveToOuterDisposeScope();
    }

    public override bool Fits(IReadOnlyList<long> shape) => Values.shape.SequenceEqual(shape);
}

/// <summary>A new word of a text encoder: rows below those of its vocabulary. It is there or not: the scale does not matter.</summary>
/// <param name="Word">As prompts have it, for example <c>&lt;cat-toy&gt;</c>; its rows follow each other where it stands.</param>
/// <param name="Rows">(rows, C).</param>
internal sealed record NewWord(ModelNetwork Network, string Word, Tensor Rows) : WeightChange(Network, LayerNames.TokenTable)
{
    /// <summary>What the rows before it are multiplied with; 1 but for a training that follows the reference to the letter.</summary>
    public double OldRows { get; init; } = 1;

    /// <summary>What prompts may call it besides: standing alone, in capitals or not. So does the word itself where it is among them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What an encoder without rows for it reads instead; null: its letters.</summary>
    public string? Phrase { get; init; }

    public override IReadOnlyList<Tensor> Tensors => [Rows];

    public override Tensor Apply(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        return cat([OldRows == 1 ? weight : weight * OldRows, Rows.to(weight.device)]).MoveToOuterDisposeScope();
    }

    public override bool Fits(IReadOnlyList<long> shape) => Rows.shape.Length == 2 && Rows.shape[1] == shape[1];
}
