using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>Muon (Jordan et al., 2024): a matrix moves along the orthogonal matrix nearest to its mean gradient, so that no direction is learned slower for being rare.</summary>
/// <remarks>Steps are scaled as in Liu et al. (2025), "Muon is scalable for LLM training", section 2.2: as long as those of AdamW, whose rate and decay it takes.</remarks>
internal static class Muon
{
    private const double Momentum = .95;
    private const int Iterations = 5;
    private const double UsualLength = .2;
    private const int Long = 3;    // so many times as many columns as rows

    // Of Jordan's quintic: five rounds bring singular values from .01 to 1 near 1, not more exactly than between .7 and 1.2.
    private const double Linear = 3.4445;
    private const double Cubic = -4.775;
    private const double Quintic = 2.0315;

    /// <summary>How much work a step of a weight is, in multiplications.</summary>
    public static long Cost(Tensor weight) => weight.numel() * Math.Min(weight.shape[0], weight.numel() / weight.shape[0]);

    /// <summary>The direction of a step, with the mean gradient moved on before.</summary>
    /// <param name="gradient">(rows, ...); what follows the rows is one matrix' columns, as in a convolution.</param>
    /// <param name="mean">The same shape.</param>
    /// <param name="many">Whether they are many of one shape (n, rows, ...).</param>
    public static Tensor Direction(Tensor gradient, Tensor mean, bool many = false)
    {
        using var scope = NewDisposeScope();
        mean.mul_(Momentum).add_(gradient, alpha: 1 - Momentum);
        var matrix = gradient.lerp(mean, Momentum).flatten(many ? 2 : 1);
        var scale = UsualLength * Math.Sqrt(Math.Max(matrix.shape[^2], matrix.shape[^1]));
        return Orthogonal(matrix).mul_(scale).view(gradient.shape).MoveToOuterDisposeScope();
    }

    /// <summary>U V^T of a matrix U S V^T, roughly, by Newton's and Schulz' iteration; of many (..., rows, columns) at once.</summary>
    public static Tensor Orthogonal(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var isTall = matrix.shape[^2] > matrix.shape[^1];
        var values = isTall ? matrix.transpose(-2, -1) : matrix;
        values = values / (values.square().sum([-2, -1], keepdim: true).sqrt() + 1e-7);
        values = values.shape[^1] < Long * values.shape[^2] ? Iterated(values) : FactorOf(Gram(values)).matmul(values);
        return (isTall ? values.transpose(-2, -1).contiguous() : values).MoveToOuterDisposeScope();
    }

    private static Tensor Iterated(Tensor values)
    {
        for (var i = 0; i < Iterations; i++)
        {
            values = Polynomial(Gram(values)).matmul(values);
        }

        return values;
    }

    // The same rounds: all of them multiply by polynomials of X X^T, which is small where X is long.
    private static Tensor FactorOf(Tensor gram)
    {
        var round = Polynomial(gram);
        var factor = round;
        for (var i = 1; i < Iterations; i++)
        {
            gram = round.matmul(gram).matmul(round);
            round = Polynomial(gram);
            factor = round.matmul(factor);
        }

        return factor;
    }

    private static Tensor Gram(Tensor values) => values.matmul(values.transpose(-2, -1));

    // a + b G + c G^2.
    private static Tensor Polynomial(Tensor gram)
    {
        var sum = gram.matmul(gram).mul_(Quintic).add_(gram, alpha: Cubic);
        sum.diagonal(dim1: -2, dim2: -1).add_(Linear);
        return sum;
    }
}
