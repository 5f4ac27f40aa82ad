using System.Globalization;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Timesteps and noise levels of a scheduler, for several numbers of steps.</summary>
internal sealed class EulerTablesCheck : IGoldenCheck
{
    private const string Table = "timesteps_";

    public IReadOnlyList<string> Components => ["euler_tables"];

    public GoldenResult Run(GoldenCase golden)
    {
        var path = Path.Combine(golden.PathOf(golden.Text("scheduler")), "scheduler_config.json");
        var config = SchedulerConfig.Parse(File.ReadAllText(path), path);
        return golden.Compare([.. golden.TensorNames.Where(name => name.StartsWith(Table, StringComparison.Ordinal)).SelectMany(name =>
        {
            var count = name[Table.Length..];
            var schedule = Schedule.Make(config, config.Sampler!.Value, int.Parse(count, CultureInfo.InvariantCulture));
            return new (string, Tensor)[]
            {
                (name, tensor(schedule.Steps.Select(step => schedule.TimestepAt(step.Sigma)).ToArray())),
                ($"sigmas_{count}", tensor(schedule.Steps.Select(step => step.Sigma).Append(schedule.Steps[^1].Next).ToArray())),
                ($"init_noise_sigma_{count}", tensor(schedule.StartScale)),
            };
        })]);
    }
}
