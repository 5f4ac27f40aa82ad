using System.Diagnostics;

namespace Dramatis.Benches.Service;

/// <summary>Cancels jobs at random moments: that they have stopped must be confirmed within the time of a step and a little more.</summary>
internal sealed class CancelBench(ServiceBenchOptions options)
{
    private const double MostMilliseconds = 100;    // beside a step

    private static readonly int[] Size = [128, 128];

    private int Steps => options.Rehearse ? 500 : 50;

    private int LastStep => Steps * 3 / 5;    // after which jobs may end before they are cancelled

    private object Request => new { prompt = "a beach", steps = Steps, size = Size, seed = 1 };

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-bench-");
        var random = new Random(options.Seed);
        try
        {
            await using var service = await ServiceProcess.StartAsync(options, folder.FullName, cancellationToken, [("rehearse", options.Rehearse ? "true" : null), ("preview_every", "0")]);
            await service.ReadyAsync(1, cancellationToken);
            var (_, whole, _) = await service.PostAsync("/v1/pictures?wait=100", Request, cancellationToken);
            var seconds = (await service.PostAsync("/v1/pictures?wait=100", Request, cancellationToken)).Body is var warm && warm.State() == "done"
                ? (warm.Time("ended") - warm.Time("started")).TotalSeconds
                : throw new InvalidOperationException($"{whole}");
            var times = new List<double>();
            for (var i = 0; i < options.Cancels; i++)
            {
                times.AddRange(await CancelAsync(service, random.Next(LastStep), random.NextDouble() * seconds / Steps, cancellationToken) is { } time ? [time] : []);
            }

            var step = 1000 * seconds / Steps;
            if (times.Count == 0)
            {
                return [new($"none of {options.Cancels} jobs was cancelled before it had ended", "", false)];
            }

            return
            [
                new(
                    $"{times.Count} of {options.Cancels} jobs cancelled while they ran, confirmed after (median, most); a step takes",
                    FormattableString.Invariant($"{times.Order().ElementAt(times.Count / 2):0} ms, {times.Max():0} ms; {step:0} ms"),
                    times.Max() <= step + MostMilliseconds),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>In milliseconds; null for a job that had ended before.</returns>
    private async Task<double?> CancelAsync(ServiceProcess service, int step, double after, CancellationToken cancellationToken)
    {
        var (_, job, _) = await service.PostAsync("/v1/pictures", Request, cancellationToken);
        await service.UntilAsync(job.Id(), seen => seen.HasEnded() || (seen.State() == "running" && seen.Step() >= step), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(after), cancellationToken);
        var watch = Stopwatch.StartNew();
        await service.PostAsync($"/v1/jobs/{job.Id()}/cancel", null, cancellationToken);
        var ended = await service.UntilAsync(job.Id(), JobWords.HasEnded, cancellationToken);
        return ended.State() == "cancelled" ? watch.Elapsed.TotalMilliseconds : null;
    }
}
