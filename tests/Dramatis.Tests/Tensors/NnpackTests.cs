using Dramatis.Tensors;

namespace Dramatis.Tests.Tensors;

public sealed class NnpackTests
{
    [Fact]
    public void A_convolution_keeps_libtorch_from_asking_it()
    {
        Assert.SkipWhen(Nnpack.IsEnabled is null, "This libtorch does not say.");

        using var layer = Layers.Conv2d(1, 1, kernel: 1);

        Assert.False(Nnpack.IsEnabled);
    }
}
