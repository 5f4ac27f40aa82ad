using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.UNet;
using Dramatis.Schedules;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.UNet;

public sealed class RecomputeTests
{
    // The order in which gradients of the shared text are added up differs.
    private const float Rounding = 1e-5f;

    private static readonly StepInfo Step = new(0, 1, 1, 0);

    private static readonly UNetConfig Tiny = TinyUNet.Config with { Attention = [true, false] };

    private static readonly MsDiffusionConfig Method = new()
    {
        Resampler = new()
        {
            Width = 8,
            Depth = 1,
            Heads = 2,
            HeadWidth = 4,
            Queries = 4,
            FeatureWidth = 6,
            PhraseWidth = 6,
            OutputWidth = 12,
        },
    };

    [Fact]
    public void Gradients_of_everything_are_those_of_the_plain_pass()
    {
        using var scope = NewDisposeScope();
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny);
        using var adapter = new MsDiffusionAdapter(Method, unet.Sites);
        var inputs = new Inputs(randn(2, 4, 8, 8).requires_grad_(), randn(2, 5, 12).requires_grad_(), randn(2, 1, 4, 12).requires_grad_());

        var plain = Gradients(unet, adapter, inputs, recompute: false);
        var again = Gradients(unet, adapter, inputs, recompute: true);

        Assert.Equal(plain.Keys, again.Keys);
        Assert.Contains("ms_adapter.1.to_k_ip.weight", plain.Keys);
        Assert.Contains("tokens", plain.Keys);
        Assert.All(plain, item => Assert.True((item.Value - again[item.Key]).abs().max().item<float>() < Rounding, item.Key));
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny);
        using var adapter = new MsDiffusionAdapter(Method, unet.Sites);
        RunOnce();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        RunOnce();
        RunOnce();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void RunOnce()
        {
            using var scope = NewDisposeScope();
            Gradients(unet, adapter, new(randn(2, 4, 8, 8), randn(2, 5, 12), randn(2, 1, 4, 12)), recompute: true);
        }
    }

    private static SortedDictionary<string, Tensor> Gradients(
        Dramatis.Networks.UNet.UNet unet, MsDiffusionAdapter adapter, Inputs inputs, bool recompute)
    {
        unet.zero_grad();
        adapter.zero_grad();
        inputs.Clear();
        using var session = adapter.Open(inputs.Tokens, tensor([0f, 0f, .5f, 1f]).expand(2, 1, 4));
        var result = unet.forward(inputs.Latents, tensor([3L, 999L]), new(Step, inputs.Text, session) { Recompute = recompute });
        result.square().mean().backward();
        (string Name, Tensor Values)[] all =
        [
            .. unet.named_parameters().Select(item => (item.name, (Tensor)item.parameter)),
            .. adapter.named_parameters().Select(item => (item.name, (Tensor)item.parameter)),
            ("latents", inputs.Latents), ("text", inputs.Text), ("tokens", inputs.Tokens),
        ];
        return new(all.Where(item => item.Values.grad is not null).ToDictionary(item => item.Name, item => item.Values.grad!.clone()), StringComparer.Ordinal);
    }

    private sealed record Inputs(Tensor Latents, Tensor Text, Tensor Tokens)
    {
        public void Clear()
        {
            foreach (var input in new[] { Latents, Text, Tokens })
            {
                input.grad = null;
            }
        }
    }
}
