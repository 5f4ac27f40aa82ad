using Dramatis.Server.Settings;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Host;

/// <summary>Clears away what nobody needs any more: events of jobs that ended an hour ago, folders of trainings that are done or gone.</summary>
internal sealed partial class Housekeeper(JobStore jobs, ServiceSettings settings, TimeProvider time, ILogger<Housekeeper> log) : BackgroundService
{
    private static readonly TimeSpan EventsLast = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var count = await jobs.ForgetEventsAsync(time.GetUtcNow() - EventsLast, stoppingToken);
            if (count > 0)
            {
                LogForgotten(count);
            }

            foreach (var job in TrainingFolders.All(settings))
            {
                if (await jobs.FindAsync(job, stoppingToken) is null or { State: JobState.Done })
                {
                    TrainingFolders.Remove(settings, job);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} events of jobs that ended an hour ago are removed")]
    private partial void LogForgotten(int count);
}
