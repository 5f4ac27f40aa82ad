using static TorchSharp.torch;

namespace Dramatis.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Seeds_give_the_numbers_of_PyTorch()
    {
        using var generator = new Generator(0, CPU);
        using var numbers = randn(4, generator: generator);

        Assert.Equal(1.5410f, numbers[0].item<float>(), tolerance: 1e-4f);
    }
}
