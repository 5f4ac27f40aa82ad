namespace Dramatis.Benches.Service;

/// <summary>Many small pictures of many shapes: what a service and its painter hold in memory and in open files must not grow.</summary>
internal sealed class SoakBench(ServiceBenchOptions options)
{
    private const int Shapes = 50;
    private const int Narrowest = 64;
    private const int Wider = 8;
    private const int InARow = 10;
    private const double MostGrowth = 1.01;
    private const int OfOneMore = 3;    // connection to the database's file, which a busy moment opens and the pool closes minutes later

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);    // processes without work give memory back

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-bench-");
        try
        {
            await using var service = await ServiceProcess.StartAsync(options, folder.FullName, cancellationToken, [("rehearse", options.Rehearse ? "true" : null)]);
            await service.ReadyAsync(1, cancellationToken);
            int[] processes = [service.Id, service.Children.Single()];
            var early = options.Pictures / 10;
            await PaintAsync(service, 0, early / 2, cancellationToken);
            await Task.Delay(Rest, cancellationToken);    // the first time finds more to give back than any later one
            await PaintAsync(service, early / 2, early, cancellationToken);
            var before = await LookAsync(processes, cancellationToken);
            await PaintAsync(service, early, options.Pictures, cancellationToken);
            var after = await LookAsync(processes, cancellationToken);
            return
            [
                .. before.Zip(after, (was, now) => (Was: was, Now: now)).Zip(["API", "painter"], (pair, name) => new Finding(
                    $"{name}: memory after {early} and after {options.Pictures} pictures",
                    FormattableString.Invariant(
                        $"{pair.Was.Bytes / 1e6:0.0} MB, {pair.Now.Bytes / 1e6:0.0} MB ({100.0 * (pair.Now.Bytes - pair.Was.Bytes) / pair.Was.Bytes:+0.0;-0.0} %)"),
                    pair.Now.Bytes <= MostGrowth * pair.Was.Bytes)),
                .. before.Zip(after, (was, now) => (Was: was, Now: now)).Zip(["API", "painter"], (pair, name) => new Finding(
                    $"{name}: open files and sockets", $"{pair.Was.Handles}, {pair.Now.Handles}", pair.Now.Handles <= pair.Was.Handles + OfOneMore)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task PaintAsync(ServiceProcess service, int from, int to, CancellationToken cancellationToken)
    {
        for (var i = from; i < to; i++)
        {
            var shape = i % Shapes;
            var (_, job, _) = await service.PostAsync(
                "/v1/pictures?wait=100",
                new { prompt = $"a beach with {i} umbrellas", seed = i, steps = 2, size = new[] { Narrowest + (Wider * (shape % InARow)), Narrowest + (Wider * (shape / InARow)) } },
                cancellationToken);
            if (job.State() != "done")
            {
                throw new InvalidOperationException($"picture {i}: {job}");
            }

            if ((i + 1) % 100 == 0)
            {
                options.Tell($"{i + 1} pictures");
            }
        }
    }

    private static async Task<(long Bytes, int Handles)[]> LookAsync(int[] processes, CancellationToken cancellationToken)
    {
        await Task.Delay(Rest, cancellationToken);
        return Array.ConvertAll(processes, Look);
    }

    private static (long Bytes, int Handles) Look(int process) => (ServiceProcess.MemoryOf(process), ServiceProcess.HandlesOf(process));
}
