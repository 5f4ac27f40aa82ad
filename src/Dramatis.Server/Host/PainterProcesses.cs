using System.Diagnostics;
using System.Globalization;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;

namespace Dramatis.Server.Host;

/// <summary>Keeps painters running: each a process of its own, begun again when it dies, after pauses that grow.</summary>
internal sealed partial class PainterProcesses(
    ServicePorts ports, ServiceSettings settings, IGrainFactory grains, IHostApplicationLifetime life, ILogger<PainterProcesses> log)
    : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(.2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(1);

    // None for a service that does not start, for example because another listens on its address.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var waiting = life.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, settings.Painters).Select(_ => KeepAsync(stoppingToken)));
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        var pause = ShortestPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var age = Stopwatch.StartNew();
            using var painter = Start();
            LogStarted(painter.Id);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watch = WatchAsync(painter, ended.Token);
            await EndOfAsync(painter, cancellationToken);
            await ended.CancelAsync();
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            LogDied(painter.Id, painter.ExitCode);
            await Telling.TryAsync(() => grains.GetGrain<IDispatcher>(0).Gone(Environment.MachineName, painter.Id));
            pause = age.Elapsed > LongLife ? ShortestPause : pause;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // A process that lives but never joins, or hangs, is none: nobody would give it a job, and its place would stay empty.
    private async Task WatchAsync(Process painter, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.PainterSeconds));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var isKnown = true;
            await Telling.TryAsync(async () => isKnown = await grains.GetGrain<IDispatcher>(0).Knows(Environment.MachineName, painter.Id));
            if (!isKnown)
            {
                LogUnheard(painter.Id, settings.PainterSeconds);
                painter.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(PainterProcesses).Assembly.Location);
        }

        foreach (var (name, value) in new[]
        {
            (SettingsReader.VariableOf("role"), "painter"),
            (SettingsReader.VariableOf("data"), settings.Data),
            (SettingsReader.VariableOf("cluster"), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports.Silo}")),
            (ParentWatch.Variable, "true"),
        })
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    // A painter that is asked to end may finish its pictures first.
    private async Task EndOfAsync(Process painter, CancellationToken cancellationToken)
    {
        try
        {
            await painter.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await AskToEndAsync(painter);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Drain + 10));
            await painter.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!painter.HasExited)
            {
                painter.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task AskToEndAsync(Process painter)
    {
        try
        {
            await painter.StandardInput.WriteLineAsync("stop");
            await painter.StandardInput.FlushAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // it has just ended by itself
        }
    }

    [LoggerMessage(LogLevel.Information, "painter process {Process} started")]
    private partial void LogStarted(int process);

    [LoggerMessage(LogLevel.Warning, "painter process {Process} is not heard of for {Seconds} seconds; it is ended")]
    private partial void LogUnheard(int process, int seconds);

    [LoggerMessage(LogLevel.Warning, "painter process {Process} ended with code {Code}; another is started")]
    private partial void LogDied(int process, int code);
}
