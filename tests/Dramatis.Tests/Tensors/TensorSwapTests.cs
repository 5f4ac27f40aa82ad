using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Tests.Tensors;

public sealed class TensorSwapTests
{
    [Fact]
    public void All_who_hold_a_weight_see_the_other_values_and_twice_is_as_before()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1, hasBias: false);
        var weight = layer.weight!;
        using var before = weight.detach().clone();
        using var other = full([1, 2], 3.0);

        TensorSwap.Exchange(weight, other);

        Assert.Equal(6, layer.forward(ones(1, 2)).item<float>());
        Assert.Equal([3f, 3f], layer.state_dict()["weight"].data<float>().ToArray());
        Assert.False(weight.requires_grad);

        TensorSwap.Exchange(weight, other);

        Assert.True(weight.equal(before).all().item<bool>());
        Assert.True(weight.requires_grad);
    }
}
