using Dramatis.Server.Settings;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Host;

/// <summary>Clears away what nobody needs any more: what is not to be kept for ever, events of jobs that ended an hour ago, folders of trainings that are done or gone.</summary>
internal sealed partial class Housekeeper(JobStore jobs, Retention retention, ServiceSettings settings, TimeProvider time, ILogger<Housekeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan EventsLast = TimeSpan.FromHours(1);
    private static readonly TimeSpan ClearedLast = TimeSpan.FromDays(7);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await ClearAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                LogBroken(e);    // the database may be away for a while
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        var count = await jobs.ForgetEventsAsync(time.GetUtcNow() - EventsLast, cancellationToken);
        if (count > 0)
        {
            LogForgotten(count);
        }

        await jobs.ForgetClearedAsync(time.GetUtcNow() - ClearedLast, cancellationToken);
        foreach (var (owner, cleared) in await retention.ClearAsync(cancellationToken))
        {
            LogCleared(owner, cleared.Jobs, cleared.Pictures, cleared.Blobs, cleared.Bytes);
        }

        foreach (var job in TrainingFolders.All(settings))
        {
            if (await jobs.FindAsync(job, cancellationToken) is null or { State: JobState.Done })
            {
                TrainingFolders.Remove(settings, job);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} events of jobs that ended an hour ago are removed")]
    private partial void LogForgotten(int count);

    [LoggerMessage(LogLevel.Information, "cleared away of {Owner}: {Jobs} jobs with {Pictures} pictures, {Blobs} files with {Bytes} bytes")]
    private partial void LogCleared(string owner, int jobs, int pictures, int blobs, long bytes);

    [LoggerMessage(LogLevel.Warning, "nothing could be cleared away")]
    private partial void LogBroken(Exception e);
}
