using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Networks.Blocks;

public sealed class NormSiluTests
{
    // Sums over some hundred values in single precision, in another order.
    private const float Rounding = 2e-5f;

    [Theory]
    [InlineData(16, 8, 5, 7)]
    [InlineData(32, 8, 9, 8)]
    [InlineData(96, 8, 4, 4)]
    [InlineData(48, 1, 3, 3)]
    [InlineData(16, 16, 16, 16)]
    public void The_fused_kernel_equals_libtorch_forwards_and_backwards(int width, int groups, int height, int length)
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast.Of(randn(3, width, height, length) * 2 + 0.5).detach().requires_grad_();
        var weight = randn(width).requires_grad_();
        var bias = randn(width).requires_grad_();
        var gradient = randn(3, width, height, length);
        Assert.SkipUnless(NormSiluFunction.Takes(x), "This processor has no 512-bit registers.");

        var plain = functional.silu(functional.group_norm(x, groups, weight, bias, 1e-6));
        plain.backward([gradient]);
        var expected = Gradients(x, weight, bias);
        var fused = NormSiluFunction.Apply(x, weight, bias, groups, 1e-6);
        fused.backward([gradient]);

        AssertNear(plain, fused);
        Assert.All(expected.Zip(Gradients(x, weight, bias)), pair => AssertNear(pair.First, pair.Second));
    }

    [Fact]
    public void Large_and_small_values_stay_numbers()
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast.Of(randn(1, 16, 4, 4) * 1e4f);
        using var network = new NormSilu(4, 16, 1e-6);
        network.state_dict()["weight"].detach().fill_(1e3f);

        var result = network.forward(x);

        Assert.True(result.isfinite().all().item<bool>());
        Assert.True(result.min().item<float>() > -0.28f);    // the least value of SiLU is -0.2785
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        using var network = new NormSilu(8, 32, 1e-6);
        var x = ChannelsLast.Of(randn(5, 32, 8, 8));
        var threads = get_num_threads();

        set_num_threads(3);
        var many = network.forward(x);
        set_num_threads(1);
        var one = network.forward(x);
        set_num_threads(threads);

        Assert.True(many.equal(one).all().item<bool>());
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var network = new NormSilu(8, 32, 1e-6);

        var left = LeakCheck.After(() =>
        {
            var x = ChannelsLast.Of(randn(2, 32, 8, 8)).detach().requires_grad_();
            network.forward(network.forward(x)).sum().backward();
            network.zero_grad();
        });

        Assert.Equal(0, left);
    }

    [Fact]
    public void What_a_backward_pass_outside_of_scopes_leaves_is_let_go_by_the_next()
    {
        using var network = new NormSilu(8, 32, 1e-6);
        var x = ChannelsLast.Of(randn(2, 32, 8, 8)).detach().requires_grad_();
        network.forward(x).sum().backward();

        Assert.Equal(0, LeakCheck.After(() => network.forward(x).sum().backward()));
    }

    private static Tensor[] Gradients(params Tensor[] tensors)
    {
        Tensor[] gradients = [.. tensors.Select(tensor => tensor.grad!.clone())];
        Array.ForEach(tensors, tensor => tensor.grad!.zero_());
        return gradients;
    }

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        var largest = (expected - actual).abs().max().item<float>();
        Assert.True(largest <= Rounding * (1 + expected.abs().max().item<float>()), $"differs by {largest}");
    }
}
