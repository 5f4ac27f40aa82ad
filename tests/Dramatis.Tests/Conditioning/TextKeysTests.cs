using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Tests.Networks.UNet;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Conditioning;

public sealed class TextKeysTests
{
    private static readonly UNetConfig Tiny = TinyUNet.Config;

    [Fact]
    public void A_step_with_kept_keys_is_the_same_to_the_bit()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var unet = new UNet(Tiny);
        using var keys = new TextKeys();
        var text = randn(2, 5, 12);

        for (var step = 0; step < 3; step++)
        {
            var latents = randn(2, 4, 8, 8);
            Assert.True(Step(unet, latents, text, null).equal(Step(unet, latents, text, keys)).all().item<bool>());
        }
    }

    [Fact]
    public void Keys_are_made_once_for_each_text_and_anew_when_it_changes()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var keys = new TextKeys();
        var site = new AttentionSite { Index = 0, Path = "a", Width = 4, Heads = 1 };
        var (plain, augmented) = (ones(2), zeros(2));
        var made = 0;

        foreach (var text in new[] { plain, plain, augmented, augmented, plain })
        {
            Assert.True(keys.At(site, text, Project).Key.equal(text).all().item<bool>());
        }

        Assert.Equal(3, made);

        (Tensor, Tensor) Project(Tensor text)
        {
            made++;
            return (text.clone(), text.clone());
        }
    }

    [Fact]
    public void Networks_with_equal_sites_do_not_share()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var keys = new TextKeys();
        var site = new AttentionSite { Index = 0, Path = "a", Width = 4, Heads = 1 };
        var text = ones(2);

        var first = keys.At(site, text, given => (given * 2, given.clone()));
        var second = keys.At(site with { }, text, given => (given * 3, given.clone()));

        Assert.Equal(2, first.Key[0].item<float>());
        Assert.Equal(3, second.Key[0].item<float>());
    }

    [Fact]
    public void Gradients_reach_the_projections_although_keys_could_be_kept()
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet(Tiny);
        using var keys = new TextKeys();
        var text = randn(2, 5, 12);

        for (var step = 0; step < 2; step++)
        {
            unet.zero_grad();
            Step(unet, randn(2, 4, 8, 8), text, keys).square().mean().backward();
            Assert.True(unet.named_parameters().All(item => item.parameter.grad is { } grad && grad.abs().max().item<float>() > 0));
        }
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        using var unet = new UNet(Tiny);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (no_grad())
        using (NewDisposeScope())
        using (var keys = new TextKeys())
        {
            for (var step = 0; step < 3; step++)
            {
                Step(unet, randn(2, 4, 8, 8), randn(2, 5, 12), keys);
            }
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Tensor Step(UNet unet, Tensor latents, Tensor text, TextKeys? keys) =>
        unet.forward(latents, tensor([500f, 500f]), new(default, text, ConditioningSession.None) { TextKeys = keys });
}
