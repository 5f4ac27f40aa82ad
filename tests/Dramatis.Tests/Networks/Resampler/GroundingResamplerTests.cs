using Dramatis.Networks.Resampler;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Resampler;

public sealed class GroundingResamplerTests
{
    // Rounding of single precision through a few layers of width 16.
    private const float Rounding = 2e-5f;

    private static readonly ResamplerConfig Tiny = new()
    {
        Width = 16,
        Depth = 2,
        Heads = 2,
        HeadWidth = 8,
        Queries = 4,
        FeatureWidth = 12,
        PhraseWidth = 6,
        OutputWidth = 10,
    };

    [Fact]
    public void The_worked_example_of_the_reference_implementation_comes_out()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var resampler = new GroundingResampler(Tiny);
        FillInFileOrder(resampler);
        var features = Lcg(1, 2, 2, 5, 12);
        var phrases = Lcg(2, 2, 2, 6);
        var boxes = tensor([0.25f, 0.25f, 0.75f, 0.75f, 0f, 0.1f, 0.4f, 1f]).view(2, 4);

        var grounded = resampler.forward(features, phrases, boxes, null);
        var learned = resampler.forward(features, phrases, boxes, ones(2, ScalarType.Bool));

        Assert.Equal(-0.476778f, grounded[0, 0, 0].item<float>(), Rounding);
        Assert.Equal(-0.033828f, grounded[1, 3, 9].item<float>(), Rounding);
        Assert.Equal(68.666878f, grounded.abs().sum().item<float>(), 100 * Rounding);
        Assert.Equal(-0.723770f, learned[0, 0, 0].item<float>(), Rounding);
        Assert.Equal(65.075867f, learned.abs().sum().item<float>(), 100 * Rounding);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_other_rows()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var resampler = new GroundingResampler(Tiny with { Locality = new(2, 1.5) });
        var (features, phrases, boxes) = (randn(3, 5, 12), randn(3, 6), rand(3, 4));

        var together = resampler.forward(features, phrases, boxes, null);
        var alone = resampler.forward(features[1..2], phrases[1..2], boxes[1..2], null);

        Assert.True((together[1..2] - alone).abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void With_locality_a_token_depends_most_on_the_patch_at_its_own_place()
    {
        using var scope = NewDisposeScope();
        using var resampler = new GroundingResampler(Tiny with { Locality = new(2, 1.5) });
        using (no_grad())
        {
            FillInFileOrder(resampler);    // what a chance draw of weights makes of the paths beside attention may outweigh it
        }

        var features = Lcg(1, 2, 1, 5, 12).requires_grad_();

        resampler.forward(features, Lcg(2, 2, 1, 6), tensor([0f, 0f, 1f, 1f]).view(1, 4), null)[0, 3].square().sum().backward();

        Assert.Equal(4, features.grad!.square().sum(dim: -1).argmax().item<long>());    // class token, then patches row by row
    }

    [Fact]
    public void Every_weight_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var resampler = new GroundingResampler(Tiny with { Locality = new(2, 1.5) });
        var half = tensor([true, false]);

        resampler.forward(randn(2, 5, 12), randn(2, 6), rand(2, 4), half).pow(3).sum().backward();

        Assert.DoesNotContain(
            resampler.named_parameters(),
            item => item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0);
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind()
    {
        using var resampler = new GroundingResampler(Tiny with { Locality = new(2, 1.5) });
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            resampler.forward(randn(2, 5, 12), randn(2, 6), rand(2, 4), tensor([true, false])).sum().backward();
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // The order in which the official file lists them: own parameters, then modules by name of the table, then layers.
    private static void FillInFileOrder(GroundingResampler resampler)
    {
        string[] leading =
        [
            "grounding_latents", "latent_proj.0.weight", "latent_proj.0.bias", "latent_proj.2.weight", "latent_proj.2.bias",
            "latent_norm.weight", "latent_norm.bias", "proj_in.weight", "proj_in.bias", "attention_norm.weight",
            "attention_norm.bias", "proj_out.weight", "proj_out.bias", "norm_out.weight", "norm_out.bias",
        ];
        string[] inLayer =
        [
            "0.norm1.weight", "0.norm1.bias", "0.norm2.weight", "0.norm2.bias", "0.to_q.weight", "0.to_kv.weight",
            "0.to_out.weight", "1.0.weight", "1.0.bias", "1.1.weight", "1.3.weight",
        ];
        var names = leading.Concat(Enumerable.Range(0, Tiny.Depth).SelectMany(l => inLayer.Select(name => $"layers.{l}.{name}")));
        var weights = resampler.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var seed = 100u;
        foreach (var name in names)
        {
            var isScale = name.EndsWith("weight", StringComparison.Ordinal) && weights[name].dim() == 1;
            weights[name].copy_(Lcg(seed++, 0.4, weights[name].shape) + (isScale ? 1 : 0));
        }

        Assert.Equal(weights.Count, (int)seed - 100);
    }

    private static Tensor Lcg(uint seed, double factor, params long[] shape)
    {
        var state = seed;
        var values = new float[shape.Aggregate(1L, (product, side) => product * side)];
        for (var i = 0; i < values.Length; i++)
        {
            state = ((1103515245u * state) + 12345u) & 0x7fffffff;
            values[i] = (float)(((state / 2147483648.0) - 0.5) * factor);
        }

        return tensor(values).view(shape);
    }
}
