using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Networks.Blocks;

public sealed class Upsample2DTests
{
    // The same products, summed in another order.
    private const float Rounding = 1e-5f;

    [Theory]
    [InlineData(3, 5)]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    public void Doubling_equals_repeating_cells_and_convolving_with_gradients(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var block = new Upsample2D(6);
        var weights = block.state_dict();
        var x = ChannelsLast.Of(randn(2, 6, height, width)).detach().requires_grad_();
        var gradient = randn(2, 6, 2 * height, 2 * width);

        // In double precision: in single, one thread of libtorch gets the gradient of a map of one cell wrong.
        var expected = functional.conv2d(
            functional.interpolate(x.to(ScalarType.Float64), [2 * height, 2 * width], mode: InterpolationMode.Nearest),
            weights["conv.weight"].to(ScalarType.Float64), weights["conv.bias"].to(ScalarType.Float64), padding: [1L, 1]);
        expected.backward([gradient.to(ScalarType.Float64)]);
        var gradients = TakeGradients(x, weights["conv.weight"], weights["conv.bias"]);
        var actual = block.forward(x, null);
        actual.backward([gradient]);

        AssertNear(expected, actual);
        Assert.All(
            gradients.Zip(TakeGradients(x, weights["conv.weight"], weights["conv.bias"])),
            pair => AssertNear(pair.First, pair.Second));
    }

    [Fact]
    public void The_given_grid_is_met_where_the_way_down_has_rounded()
    {
        using var scope = NewDisposeScope();
        using var block = new Upsample2D(4);

        Assert.Equal([1, 4, 9, 6], block.forward(randn(1, 4, 5, 3), new Grid(6, 9)).shape);
        Assert.Equal([1, 4, 10, 6], block.forward(randn(1, 4, 5, 3), new Grid(6, 10)).shape);
    }

    private static Tensor[] TakeGradients(params Tensor[] tensors)
    {
        Tensor[] gradients = [.. tensors.Select(item => item.grad!.clone())];
        Array.ForEach(tensors, item => item.grad!.zero_());
        return gradients;
    }

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        var largest = (expected - actual).abs().max().to(ScalarType.Float32).item<float>();
        Assert.True(largest <= Rounding * (1 + expected.abs().max().to(ScalarType.Float32).item<float>()), $"differs by {largest}");
    }
}
