using static TorchSharp.torch;

namespace Dramatis.Methods.Lora;

/// <summary>A matrix (R, N) as a file has it: whole, as a product B A, or as a kernel's core between the two.</summary>
/// <remarks>
/// Shapes: R rows; r ranks; I inputs, k sides of a kernel, N = I k. With a core t (r, r, k) it is Σ t[p, q, k] B[o, p] A[q, i], a Tucker
/// decomposition whose rank is the same on both sides.
/// </remarks>
internal sealed record MatrixFactors
{
    private MatrixFactors(params IReadOnlyList<Tensor> tensors) => Tensors = tensors;

    /// <summary>The matrix, or B and A, or these and t.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>r, or null for a matrix that is whole.</summary>
    public long? Rank => Tensors.Count == 1 ? null : Tensors[1].shape[0];

    public long Rows => Tensors[0].shape[0];

    /// <summary>N; 0 where the factors do not fit each other.</summary>
    public long Columns => Tensors switch
    {
        [var whole] => whole.numel() / whole.shape[0],
        [var left, var right] when left.numel() == Rows * right.shape[0] => right.numel() / right.shape[0],
        [var left, var right, var core] when left.dim() == 2 && right.dim() == 2 && core.dim() >= 3
            && core.shape[0] == left.shape[1] && core.shape[1] == right.shape[0] =>
            right.shape[1] * (core.numel() / (core.shape[0] * core.shape[1])),
        _ => 0,
    };

    public static MatrixFactors Whole(Tensor matrix) => new(matrix);

    /// <param name="left">B (R, r).</param>
    /// <param name="right">A (r, I) or, without a core, (r, I, k).</param>
    /// <param name="core">(r, r, k), or null.</param>
    public static MatrixFactors Product(Tensor left, Tensor right, Tensor? core = null) => core is null ? new(left, right) : new(left, right, core);

    /// <summary>(R, N), where a weight is.</summary>
    public Tensor Compute(Device device)
    {
        using var scope = NewDisposeScope();
        var there = Tensors.Select(tensor => tensor.to(device)).ToArray();
        var matrix = there switch
        {
            [var whole] => whole.reshape(Rows, -1),
            [var left, var right] => left.reshape(Rows, -1).mm(right.reshape(right.shape[0], -1)),
            [var left, var right, var core] =>
                einsum("opk,pi->oik", [einsum("op,pqk->oqk", [left, core.flatten(2)]), right]).reshape(Rows, -1),
            _ => throw new ArgumentOutOfRangeException(nameof(device)),
        };
        return matrix.alias().MoveToOuterDisposeScope();
    }
}

/// <summary>How a difference is made of matrices.</summary>
internal enum DifferenceForm
{
    /// <summary>It is the one matrix.</summary>
    Matrix,

    /// <summary>The products of their elements (LoHa; Hyeon-Woo et al., 2022).</summary>
    Hadamard,

    /// <summary>Their Kronecker product (LoKr; Edalati et al., 2022).</summary>
    Kronecker,
}

/// <summary>Δ, what a file adds to one weight, as it is stored.</summary>
/// <remarks>
/// All kinds of files come to this: LoRA, LoHa, LoKr (Yeh et al., arXiv 2309.14859), and whole differences. docs/methods/lora.md has the formulas.
/// </remarks>
internal sealed record LayerDifference(DifferenceForm Form, params IReadOnlyList<MatrixFactors> Matrices)
{
    public IReadOnlyList<Tensor> Tensors => [.. Matrices.SelectMany(matrix => matrix.Tensors)];

    /// <summary>r; null where nothing is factored.</summary>
    public long? Rank => Matrices.Select(matrix => matrix.Rank).LastOrDefault(rank => rank is not null);

    /// <summary>Δ in a weight's shape and place.</summary>
    public Tensor Compute(long[] shape, Device device)
    {
        using var scope = NewDisposeScope();
        var matrices = Matrices.Select(matrix => matrix.Compute(device)).ToArray();
        var whole = Form switch
        {
            DifferenceForm.Matrix => matrices[0],
            DifferenceForm.Hadamard => matrices[0] * matrices[1],
            DifferenceForm.Kronecker => kron(matrices[0], matrices[1]),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), Form, "is no form of a difference."),
        };
        return whole.view(shape).MoveToOuterDisposeScope();
    }

    public bool Fits(IReadOnlyList<long> shape)
    {
        if (Tensors.Any(tensor => tensor.numel() == 0 || tensor.dim() == 0))
        {
            return false;
        }

        var (rows, columns) = Form == DifferenceForm.Kronecker
            ? (Matrices.Aggregate(1L, (product, matrix) => product * matrix.Rows), Matrices.Aggregate(1L, (product, matrix) => product * matrix.Columns))
            : (Matrices[0].Rows, Matrices.All(matrix => (matrix.Rows, matrix.Columns) == (Matrices[0].Rows, Matrices[0].Columns)) ? Matrices[0].Columns : 0);
        return shape.Count > 0 && rows == shape[0] && columns == shape.Skip(1).Aggregate(1L, (product, side) => product * side);
    }
}
