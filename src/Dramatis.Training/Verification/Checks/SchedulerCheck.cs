using Dramatis.Conditioning;
using Dramatis.Sampling;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A sampler's whole run on a made-up network, 0.3 x cos(t / 200) + 0.1 sin(x).</summary>
internal sealed class SchedulerCheck : IGoldenCheck
{
    private const ulong Seed = 3;
    private const double SingleRounding = 1.0 / (1 << 24);

    public IReadOnlyList<string> Components => ["scheduler"];

    public GoldenResult Run(GoldenCase golden)
    {
        var config = SchedulerConfig.Parse(golden.ReadText("scheduler_config.json"), golden.PathOf("scheduler_config.json"));
        if (config.Sampler is not { } kind)
        {
            return GoldenResult.Skip($"the sampler of {golden.Text("scheduler")} with these settings is not built yet");
        }

        var schedule = Schedule.Make(config, kind, golden.Fixture.GetProperty("steps").GetInt32());
        using var noise = new Noise(Seed);
        using var sampler = Samplers.Create(kind, config, schedule, noise);

        // In double precision, so that all rounding in the comparison is the reference's own.
        var start = noise.Like(empty(1, 4, 8, 8)).to(float64) * schedule.StartScale;
        var trace = new List<Tensor> { InReference(start, kind, schedule.Steps[0].Sigma) };
        DenoisingLoop.Run(
            Denoisers.From((input, timestep, _) => (.3 * input * Math.Cos(timestep / 200)) + (.1 * input.sin()), schedule, config.Prediction),
            start,
            new()
            {
                Sampler = sampler,
                Schedule = schedule,
                Noise = noise,
                OnStep = (step, x) => trace.Add(InReference(x, kind, step.Next).DetachFromDisposeScope()),
            },
            ConditioningSession.None);
        return WithRounding(golden.Compare(("trace", stack([.. trace]))), golden.Tensor("trace"));
    }

    // The stored runs are in single precision: each of their N steps rounds, by up to half a unit in the last place of the largest
    // value. One of them, whose values reach 344, needs it: the reference's own operations, repeated one by one in single
    // precision, end .00015 beside it.
    private static GoldenResult WithRounding(GoldenResult result, Tensor trace)
    {
        var rounding = trace.shape[0] * SingleRounding * trace.abs().max().item<float>();
        return result with { Outputs = [.. result.Outputs.Select(output => output with { Tolerance = Math.Max(output.Tolerance, rounding) })] };
    }

    // The reference keeps the latents of all but Euler's and Heun's methods at unit variance.
    internal static Tensor InReference(Tensor x, SamplerKind kind, double sigma) =>
        kind is SamplerKind.Euler or SamplerKind.EulerAncestral or SamplerKind.Heun ? x * 1 : x / Math.Sqrt(1 + (sigma * sigma));
}
