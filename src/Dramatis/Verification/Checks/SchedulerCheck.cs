using Dramatis.Conditioning;
using Dramatis.Sampling;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A sampler's whole run on a made-up network, 0.3 x cos(t / 200) + 0.1 sin(x).</summary>
internal sealed class SchedulerCheck : IGoldenCheck
{
    private const ulong Seed = 3;

    public IReadOnlyList<string> Components => ["scheduler"];

    public GoldenResult Run(GoldenCase golden)
    {
        var config = SchedulerConfig.Parse(golden.ReadText("scheduler_config.json"), golden.PathOf("scheduler_config.json"));
        if (config.Sampler is not { } kind || golden.Fixture.GetProperty("uses_generator").GetBoolean())
        {
            return GoldenResult.Skip($"the sampler of {golden.Text("scheduler")} with these settings is not built yet");
        }

        var schedule = Schedule.Make(config, kind, golden.Fixture.GetProperty("steps").GetInt32());
        using var sampler = Samplers.Create(kind, config);
        using var noise = new Noise(Seed);
        using var generator = new Generator(Seed, CPU);
        var unit = randn([1, 4, 8, 8], generator: generator);
        var start = unit * schedule.StartScale;
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
        return golden.Compare(("trace", stack([.. trace])));
    }

    // The reference keeps all but Euler's latents at unit variance.
    internal static Tensor InReference(Tensor x, SamplerKind kind, double sigma) =>
        kind == SamplerKind.Euler ? x * 1 : x / Math.Sqrt(1 + (sigma * sigma));
}
