using Dramatis.Networks.Blocks;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Blocks;

public sealed class NormsTests
{
    [Fact]
    public void A_new_group_norm_only_normalises()
    {
        using var scope = NewDisposeScope();
        var used = full(48, float.NaN);    // so that fresh memory is not zero by chance
        used.Dispose();

        using var norm = Norms.Group(4, 48, 1e-6);

        Assert.True(norm.weight!.eq(1).all().item<bool>());
        Assert.True(norm.bias!.eq(0).all().item<bool>());
    }
}
