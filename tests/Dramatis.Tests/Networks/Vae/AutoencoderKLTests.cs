using Dramatis.Networks.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Vae;

public sealed class AutoencoderKLTests
{
    private static readonly VaeConfig Tiny = new() { BlockWidths = [8, 16], NormGroups = 4, LatentChannels = 6 };

    [Fact]
    public void A_picture_becomes_a_posterior_of_the_config_s_channels_and_back()
    {
        using var scope = NewDisposeScope();
        using var vae = new AutoencoderKL(Tiny);

        var posterior = vae.Encode(zeros(2, 3, 12, 20));

        Assert.Equal([2, 6, 6, 10], posterior.Mean.shape);
        Assert.Equal([2, 6, 6, 10], posterior.LogVariance.shape);
        Assert.Equal([2, 3, 12, 20], vae.Decode(posterior.Mean).shape);
    }

    [Fact]
    public void Every_weight_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var vae = new AutoencoderKL(Tiny);
        var posterior = vae.Encode(randn(2, 3, 8, 8));

        vae.Decode(posterior.Sample(randn_like(posterior.Mean))).square().mean().backward();

        Assert.DoesNotContain(vae.named_parameters(), item => item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0);
    }

    [Fact]
    public void A_picture_does_not_depend_on_its_batch()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var vae = new AutoencoderKL(Tiny);
        var pictures = randn(3, 3, 16, 16);

        var together = vae.forward(pictures);
        var alone = vae.forward(pictures[1..2]);

        Assert.True((together[1..2] - alone).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void Encoding_and_decoding_leave_no_tensor_behind()
    {
        using var vae = new AutoencoderKL(Tiny);
        using var pictures = randn(1, 3, 16, 16);

        Assert.Equal(0, LeakCheck.After(() => vae.forward(pictures).sum().backward()));
    }

    [Fact]
    public void Decoding_ends_at_the_layer_before_which_it_is_stopped_and_leaves_no_tensor_behind()
    {
        using var vae = new AutoencoderKL(Tiny);
        DisposeScopeManager.Statistics.Reset();
        var layers = 0;

        using (NewDisposeScope())
        {
            Assert.Throws<OperationCanceledException>(() => vae.Decode(
                zeros(1, 6, 4, 4), () => layers = layers < 2 ? layers + 1 : throw new OperationCanceledException()));
        }

        Assert.Equal(2, layers);
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Scaling_and_shifting_undo_each_other()
    {
        using var scope = NewDisposeScope();
        using var vae = new AutoencoderKL(Tiny with { ScalingFactor = 0.36, ShiftFactor = 0.12 });
        var latents = randn(1, 6, 4, 4);

        var scaled = vae.ToModel(latents);

        Assert.Equal((latents[0, 0, 0, 0].item<float>() - 0.12f) * 0.36f, scaled[0, 0, 0, 0].item<float>(), 1e-6f);
        Assert.True((vae.FromModel(scaled) - latents).abs().max().item<float>() < 1e-5f);
    }
}
