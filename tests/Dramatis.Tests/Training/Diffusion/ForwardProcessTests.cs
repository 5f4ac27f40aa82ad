using Dramatis.Schedules;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Diffusion;

public sealed class ForwardProcessTests
{
    private static readonly double[] Alphas = [.75, .36];

    [Fact]
    public void Noise_and_latents_mix_by_their_variances()
    {
        using var scope = NewDisposeScope();

        var noisy = new ForwardProcess(Alphas, Prediction.Epsilon).Noisy(full([2, 1, 1, 1], 2f), ones(2, 1, 1, 1), tensor([0L, 1L]));

        Assert.Equal([(2 * Math.Sqrt(.75)) + .5, (2 * .6) + .8], noisy.data<float>().Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    // x_0 = 2 and ε = 1 at ᾱ = .36.
    [Theory]
    [InlineData(nameof(Prediction.Epsilon), 1)]
    [InlineData(nameof(Prediction.Velocity), .6 - (.8 * 2))]
    [InlineData(nameof(Prediction.Sample), 2)]
    public void The_target_is_what_the_model_predicts(string prediction, double expected)
    {
        using var scope = NewDisposeScope();

        var target = new ForwardProcess(Alphas, Enum.Parse<Prediction>(prediction)).Target(full([1, 1, 1, 1], 2f), ones(1, 1, 1, 1), tensor([1L]));

        Assert.Equal(expected, target.item<float>(), 1e-6);
    }

    // SNR is 3 at ᾱ = .75.
    [Theory]
    [InlineData(nameof(Prediction.Epsilon), 2 / 3.0)]
    [InlineData(nameof(Prediction.Velocity), 2 / 4.0)]
    [InlineData(nameof(Prediction.Sample), 2)]
    public void Easy_noise_levels_weigh_less(string prediction, double expected)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(expected, new ForwardProcess(Alphas, Enum.Parse<Prediction>(prediction)).MinSnrWeights(tensor([0L]), gamma: 2).item<float>(), 1e-6);
    }
}
