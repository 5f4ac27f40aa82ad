using System.Globalization;
using Dramatis.Conditioning;
using Dramatis.Sampling;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Tests.Sampling;

/// <summary>
/// The reference's DDIM and PNDM go back by T // steps timesteps from each visited one. The tables are its formulas (Song et al., 2021,
/// eq. 12; Liu et al., 2022, eq. 12) in plain numbers: one latent that begins as 1, and a network that says 0.3 x cos(t / 200) + 0.1 sin(x).
/// </summary>
public sealed class SteppingBackTests
{
    private static readonly SchedulerConfig Config = new()
    {
        BetaCurve = BetaCurve.ScaledLinear,
        BetaStart = .00085,
        BetaEnd = .012,
        StepsOffset = 1,
        SetAlphaToOne = false,
    };

    // With 6 steps each is listed, with 30 every fifth.
    [Theory]
    [InlineData("ddim", "Leading", 6, "2.021298 3.619695 5.478528 6.802673 6.940110 6.917057")]
    [InlineData("ddim", "Leading", 30, "2.278616 4.913727 8.736585 12.335851 14.179456 13.799033")]
    [InlineData("ddim", "Trailing", 6, "2.182628 4.514043 8.296242 12.459164 15.392908 15.693140")]
    [InlineData("ddim", "Trailing", 30, "2.295251 5.123544 9.561729 14.177187 16.928639 16.800854")]
    [InlineData("ddim", "Linspace", 6, "2.182628 4.411330 7.535987 10.036907 10.772625 10.772625")]
    [InlineData("ddim", "Linspace", 30, "2.294012 5.085935 9.327934 13.471776 15.636786 15.340405")]
    [InlineData("pndm", "Leading", 6, "2.021298 2.231860 4.182873 6.474706 7.372023 7.063839 7.050999")]
    [InlineData("pndm", "Leading", 30, "1.968443 4.455988 8.340481 12.254611 14.480088 14.290617")]
    [InlineData("pndm", "Trailing", 6, "2.182628 2.486407 5.417522 10.627268 15.998111 18.422594 17.685584")]
    [InlineData("pndm", "Trailing", 30, "1.971806 4.609284 9.073239 14.036537 17.287518 17.926246")]
    [InlineData("pndm", "Linspace", 6, "2.182628 2.432044 5.203634 9.397252 11.798157 11.553854 11.553854")]
    [InlineData("pndm", "Linspace", 30, "1.972126 4.587357 8.881239 13.387605 16.016190 15.914321")]
    public void Latents_go_as_the_tables_of_the_formulas_say(string sampler, string spacing, int steps, string table)
    {
        var expected = table.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();

        var trace = Run(sampler, Config with { Spacing = Enum.Parse<Spacing>(spacing) }, steps).Trace;

        var listed = steps == 6 ? trace : [.. trace.Where((_, i) => i % 5 == 4)];
        Assert.Equal(expected.Length, listed.Count);
        Assert.All(expected.Zip(listed), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    // What is left of 6 steps after the first were skipped, for a picture to begin with. The reference's PNDM then also takes its second step from where the
    // first began, and the next is told of the noise that should be left one step later.
    [Theory]
    [InlineData("Epsilon", "Linspace", .6, "1.649175 1.635524 1.896873 1.834892 1.834892", 7)]
    [InlineData("Velocity", "Linspace", .6, "1.021729 1.016979 0.939582 0.787813 0.787813", 7)]
    [InlineData("Epsilon", "Leading", .3, "1.056733 1.052139 1.067912 1.076505 1.062741 1.015429 1.011362", 20)]
    [InlineData("Epsilon", "Trailing", .5, "2.142769 9.720612", 2)]
    [InlineData("Epsilon", "Trailing", 1, "12.196092", 1)]
    [InlineData("Epsilon", "Leading", .84, "1.763764 2.257319 3.426546 4.085169 3.932615 3.925811")]
    [InlineData("Epsilon", "Leading", .5, "1.465323 1.412216 1.278739 1.275118")]
    [InlineData("Epsilon", "Leading", .2, "0.985391 0.964222")]
    [InlineData("Epsilon", "Leading", .1, "0.995763")]
    [InlineData("Epsilon", "Trailing", .84, "2.022562 2.634710 4.993661 7.695816 8.705320 8.433185")]
    [InlineData("Epsilon", "Trailing", .5, "1.765526 1.802478 2.137274 1.993365")]
    [InlineData("Velocity", "Leading", 1, "0.998790 1.009863 1.047376 1.026828 0.916931 0.719088 0.717275")]
    [InlineData("Velocity", "Leading", .84, "1.021852 1.021414 1.020674 0.910987 0.712263 0.710499")]
    [InlineData("Velocity", "Leading", .5, "1.005722 0.978003 0.691782 0.690734")]
    [InlineData("Velocity", "Trailing", 1, "0.978827 0.990442 1.008530 1.036901 1.006743 0.898318 0.699105")]
    [InlineData("Velocity", "Trailing", .2, "0.941426 0.910706")]
    public void PNDM_goes_on_from_a_picture_and_by_velocities_as_the_tables_say(
        string prediction, string spacing, double denoise, string table, int steps = 6)
    {
        var config = Config with { Spacing = Enum.Parse<Spacing>(spacing), Prediction = Enum.Parse<Prediction>(prediction) };

        var trace = Run("pndm", config, steps, denoise).Trace;

        Assert.Equal(table.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)), trace, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    // NumPy's arange and linspace: 1000 - 3 (1000 / 48) is 937.4999... there, and 13 (999 / 26) is 499.4999...
    [Theory]
    [InlineData("Trailing", 48, 3, 936)]
    [InlineData("Trailing", 48, 39, 186)]
    [InlineData("Linspace", 27, 13, 499)]
    [InlineData("Linspace", 27, 0, 999)]
    public void What_lies_halfway_between_two_timesteps_is_rounded_as_the_reference_does(string spacing, int steps, int index, double timestep)
    {
        var schedule = Schedule.Make(Config with { Spacing = Enum.Parse<Spacing>(spacing) }, SamplerKind.Ddim, steps);

        Assert.Equal(timestep, schedule.TimestepAt(schedule.Steps[index].Sigma));
    }

    // 1000 // 6 = 166: with trailing spacing the last step ends at timestep 0, and the final alpha is not asked for.
    [Theory]
    [InlineData("ddim", "Trailing", 15.693140)]
    [InlineData("pndm", "Trailing", 17.685584)]
    [InlineData("ddim", "Leading", 6.857491)]
    [InlineData("pndm", "Linspace", 11.499668)]
    public void The_end_is_where_the_last_step_back_leads(string sampler, string spacing, double expected)
    {
        var run = Run(sampler, Config with { Spacing = Enum.Parse<Spacing>(spacing), SetAlphaToOne = true }, steps: 6);

        Assert.Equal(expected, run.Last, 1e-4);
    }

    // x0 + σ n to unit variance after each step, as the tables have it.
    private static (IReadOnlyList<double> Trace, double Last) Run(string name, SchedulerConfig config, int steps, double denoise = 1)
    {
        using var scope = NewDisposeScope();
        var kind = SamplerKinds.Parse(name);
        var schedule = Schedule.Make(config, kind, steps).Tail(denoise);
        using var noise = new Noise(1);
        using var sampler = Samplers.Create(kind, config, schedule, noise);
        var trace = new List<double>();
        var last = DenoisingLoop.Run(
            Denoisers.From((input, timestep, _) => (.3 * input * Math.Cos(timestep / 200)) + (.1 * input.sin()), schedule, config.Prediction),
            ones(1, 1, 1, 1, dtype: float64) * Math.Sqrt(1 + (schedule.Steps[0].Sigma * schedule.Steps[0].Sigma)),
            new()
            {
                Sampler = sampler,
                Schedule = schedule,
                Noise = noise,
                OnStep = (step, x) => trace.Add((x / Math.Sqrt(1 + (step.Next * step.Next))).item<double>()),
            },
            ConditioningSession.None);
        return (trace, last.item<double>());
    }
}
