using Dramatis.Conditioning;
using Dramatis.Sampling;
using Dramatis.Schedules;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Sampling;

/// <summary>On unit Gaussian data, where the best guess is x / (1 + σ²) and the exact path x √((1 + σ'²) / (1 + σ²)) are known.</summary>
public sealed class SamplerTests
{
    private static readonly SchedulerConfig Config = new() { BetaCurve = BetaCurve.ScaledLinear, BetaStart = .00085, BetaEnd = .012, KarrasSigmas = true };

    // A method of first order halves its error when the steps double, one of second order quarters it; the last step, to σ = 0, and
    // the uneven steps take some of that away.
    [Theory]
    [InlineData("ddim", 1.5)]
    [InlineData("euler", 1.5)]
    [InlineData("heun", 3)]
    [InlineData("dpmpp-2m", 2.2)]
    [InlineData("unipc", 2.2)]
    [InlineData("pndm", 2.2)]
    public void Error_falls_as_the_order_of_the_method_says(string name, double least)
    {
        var (coarse, fine) = (Error(name, steps: 16), Error(name, steps: 32));

        Assert.True(coarse / fine > least, $"{coarse} / {fine} = {coarse / fine}");
    }

    [Theory]
    [InlineData("ddpm")]
    [InlineData("euler-ancestral")]
    [InlineData("dpmpp-2m-sde")]
    public void Noise_of_its_own_keeps_the_deviation_of_the_data(string name)
    {
        using var scope = NewDisposeScope();

        var latents = Run(name, 60, rows: 1, side: 64);

        Assert.InRange(latents.std().item<float>(), .93, 1.07);    // 16,384 draws: the rest is the coarseness of 60 steps
    }

    [Fact]
    public void Consistency_sampling_ends_with_a_clean_guess()
    {
        using var scope = NewDisposeScope();

        Assert.InRange(Run("lcm", 4, rows: 1, side: 64).std().item<float>(), .5, 1);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        foreach (var name in SamplerKinds.All)
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using (NewDisposeScope())
            {
                Run(name, 6, rows: 2, side: 4);
            }

            Assert.True(before == DisposeScopeManager.Statistics.ThreadTotalLiveCount, name);
        }
    }

    private static double Error(string name, int steps)
    {
        using var scope = NewDisposeScope();
        var kind = SamplerKinds.Parse(name);
        var schedule = Schedule.Make(Config, kind, steps);
        using var noise = new Noise(1);
        var start = (noise.Like(empty(1, 4, 8, 8)) * schedule.StartScale).to(float64);
        var (first, last) = (schedule.Steps[0].Sigma, schedule.Steps[^1].Next);
        var exact = start * Math.Sqrt((1 + (last * last)) / (1 + (first * first))) * schedule.EndScale;
        return (Run(kind, schedule, noise, start) - exact).abs().max().item<double>();
    }

    private static Tensor Run(string name, int steps, int rows, int side)
    {
        var kind = SamplerKinds.Parse(name);
        var schedule = Schedule.Make(Config, kind, steps);
        using var noise = new Noise([.. Enumerable.Range(0, rows).Select(row => (ulong)row)]);
        return Run(kind, schedule, noise, noise.Like(empty(rows, 4, side, side)) * schedule.StartScale);
    }

    private static Tensor Run(SamplerKind kind, Schedule schedule, Noise noise, Tensor start)
    {
        using var sampler = Samplers.Create(kind, Config, schedule, noise);
        var plan = new SamplingPlan { Sampler = sampler, Schedule = schedule, Noise = noise };
        return DenoisingLoop.Run((x, step) => x / (1 + (step.Sigma * step.Sigma)), start, plan, ConditioningSession.None);
    }
}
