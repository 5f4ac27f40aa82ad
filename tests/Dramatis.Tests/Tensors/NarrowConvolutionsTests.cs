using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Tests.Tensors;

public sealed class NarrowConvolutionsTests
{
    private const double Rounding = .03;

    [Fact]
    public void They_give_nearly_the_same_in_single_precision_forth_and_back()
    {
        using var scope = NewDisposeScope();
        var layer = Layers.Conv2d(16, 16, kernel: 3, padding: 1);
        var (wide, wideGradient) = Run(layer);
        using var narrow = NarrowConvolutions.Take();

        var (result, gradient) = Run(layer);

        Assert.Equal(ScalarType.Float32, result.dtype);
        Assert.InRange((result - wide).abs().max().item<float>(), 1e-6, Rounding);
        Assert.InRange((gradient - wideGradient).abs().max().item<float>() / wideGradient.abs().max().item<float>(), 1e-7, Rounding);
    }

    [Fact]
    public void Few_channels_are_left_alone_and_so_is_all_that_comes_later()
    {
        using var scope = NewDisposeScope();
        var (few, many) = (Layers.Conv2d(3, 16, kernel: 3), Layers.Conv2d(16, 16, kernel: 3));
        var (fewWide, manyWide) = (few.forward(Map(3)), many.forward(Map(16)));

        using (NarrowConvolutions.Take())
        {
            Assert.True(few.forward(Map(3)).equal(fewWide).all().item<bool>());
        }

        Assert.True(many.forward(Map(16)).equal(manyWide).all().item<bool>());
    }

    private static (Tensor Result, Tensor Gradient) Run(Conv2d layer)
    {
        var x = Map(16).requires_grad_(true);
        var result = layer.forward(x);
        result.square().sum().backward();
        return (result.detach(), x.grad!);
    }

    private static Tensor Map(int channels) => arange(channels * 64, ScalarType.Float32).sin().view(1, channels, 8, 8).detach();
}
