using Dramatis.Methods.Lora;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Lora;

/// <summary>The formulas of docs/methods/lora.md on matrices small enough to be worked out by hand.</summary>
public sealed class LayerDifferenceTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_product_is_B_A()
    {
        // (1, 2)' (3, 4) = (3, 4; 6, 8)
        var difference = new LayerDifference(DifferenceForm.Matrix, MatrixFactors.Product(Matrix(2, 1, 1, 2), Matrix(1, 2, 3, 4)));

        Assert.Equal([3, 4, 6, 8], Compute(difference, 2, 2));
        Assert.Equal(1, difference.Rank);
    }

    [Fact]
    public void A_core_stands_between_outputs_and_inputs()
    {
        // One rank: B (2, 3)', A (5, 7), t = (1, 10) along the kernel: B[o] t[k] A[i] for o, then i, then k.
        var core = Matrix(1, 2, 1, 10).view(1, 1, 1, 2);
        var difference = new LayerDifference(DifferenceForm.Matrix, MatrixFactors.Product(Matrix(2, 1, 2, 3), Matrix(1, 2, 5, 7), core));

        Assert.Equal([10, 100, 14, 140, 15, 150, 21, 210], Compute(difference, 2, 2, 1, 2));
        Assert.True(difference.Fits([2, 2, 1, 2]));
        Assert.False(difference.Fits([2, 2, 3, 3]));
    }

    [Fact]
    public void A_core_s_first_side_is_that_of_the_outputs()
    {
        // Two ranks, t[0, 1] = 1 alone: output rank 0 meets input rank 1, so B[:, 0] A[1, :] = (1, 2)' (7).
        var core = Matrix(2, 2, 0, 1, 0, 0).view(2, 2, 1, 1);
        var difference = new LayerDifference(DifferenceForm.Matrix, MatrixFactors.Product(Matrix(2, 2, 1, 100, 2, 100), Matrix(2, 1, 5, 7), core));

        Assert.Equal([7, 14], Compute(difference, 2, 1, 1, 1));
    }

    [Fact]
    public void LoHa_multiplies_element_by_element()
    {
        // (3, 4; 6, 8) * (1, 1; 2, 2) = (3, 4; 12, 16)
        var difference = new LayerDifference(
            DifferenceForm.Hadamard,
            MatrixFactors.Product(Matrix(2, 1, 1, 2), Matrix(1, 2, 3, 4)),
            MatrixFactors.Product(Matrix(2, 1, 1, 2), Matrix(1, 2, 1, 1)));

        Assert.Equal([3, 4, 12, 16], Compute(difference, 2, 2));
    }

    [Fact]
    public void LoKr_puts_the_second_matrix_into_each_element_of_the_first()
    {
        // (1, 2) x (3; 4) = (3, 6; 4, 8)
        var difference = new LayerDifference(DifferenceForm.Kronecker, MatrixFactors.Whole(Matrix(1, 2, 1, 2)), MatrixFactors.Whole(Matrix(2, 1, 3, 4)));

        Assert.Equal([3, 6, 4, 8], Compute(difference, 2, 2));
        Assert.Null(difference.Rank);
        Assert.False(difference.Fits([4, 2]));
    }

    [Fact]
    public void LoKr_of_kernels_leaves_the_kernel_to_the_second_matrix()
    {
        // (1, 2) x a kernel (1, 1, 1, 2) of (3, 4): input 0 has (3, 4), input 1 has (6, 8). Flat or not is the same.
        var (first, kernel) = (MatrixFactors.Whole(Matrix(1, 2, 1, 2)), Matrix(1, 2, 3, 4));

        Assert.Equal([3, 4, 6, 8], Compute(new(DifferenceForm.Kronecker, first, MatrixFactors.Whole(kernel.view(1, 1, 1, 2))), 1, 2, 1, 2));
        Assert.Equal([3, 4, 6, 8], Compute(new(DifferenceForm.Kronecker, first, MatrixFactors.Product(ones(1, 1), kernel)), 1, 2, 1, 2));
    }

    [Fact]
    public void A_difference_of_a_norm_is_a_row()
    {
        var difference = new LayerDifference(DifferenceForm.Matrix, MatrixFactors.Whole(tensor(new float[] { 1, 2, 3 })));

        Assert.True(difference.Fits([3]));
        Assert.False(difference.Fits([4]));
        Assert.Equal([1, 2, 3], Compute(difference, 3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Magnitudes_are_lengths_of_rows_or_of_columns(bool ofInputs)
    {
        // V = W + 2 Δ = (3, 4; 0, 5): its rows are 5 and 5 long, its columns 3 and √41.
        var rowsOrColumns = ofInputs ? tensor(new[] { 20f, 3 * MathF.Sqrt(41) }) : tensor(new[] { 10f / 3, 10 });
        var change = new DifferenceChange(
            ModelNetwork.UNet, "w", new(DifferenceForm.Matrix, MatrixFactors.Whole(Matrix(2, 2, 1, 1, 0, 2))), 2)
        {
            Magnitudes = new(rowsOrColumns, ofInputs),
        };
        var weight = Matrix(2, 2, 1, 2, 0, 1);

        double[] whole = ofInputs ? [20, 12, 0, 15] : [2, 8.0 / 3, 0, 10];

        Assert.Equal(whole, Values(change.Apply(weight, 1)), (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal(Values(weight), Values(change.Apply(weight, 0)));
        Assert.Equal(Values(weight).Zip(whole, (from, to) => (from + to) / 2), Values(change.Apply(weight, .5)), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    private static double[] Compute(LayerDifference difference, params long[] shape) => Values(difference.Compute(shape, CPU));

    private static double[] Values(Tensor tensor) => [.. tensor.contiguous().data<float>().Select(value => (double)value)];

    private static Tensor Matrix(long rows, long columns, params float[] values) => tensor(values).view(rows, columns);
}
