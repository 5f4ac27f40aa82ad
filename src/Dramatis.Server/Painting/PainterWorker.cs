using System.Diagnostics;
using System.Threading.Channels;
using Dramatis.Errors;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Tensors;

namespace Dramatis.Server.Painting;

/// <summary>Works on one job after another, and tells the dispatcher that it lives.</summary>
internal sealed partial class PainterWorker(
    IPainting painting, CastTraining training, JobStore jobs, PictureKeeper keeper, PainterMind mind, ServiceSettings settings, ILogger<PainterWorker> log)
    : BackgroundService
{
    private readonly Task warmUp = Task.Run(painting.WarmUpAsync);    // while the process joins the others
    private readonly Channel<Assignment> taken = Channel.CreateBounded<Assignment>(1);
    private readonly CancellationTokenSource closing = new();
    private readonly CancellationTokenSource idle = new();    // closed, and nothing is at work any more
    private readonly Lock changing = new();
    private volatile Assignment? current;
    private string? holds;
    private int runs;
    private long said;

    /// <summary>Takes a job, unless there is one.</summary>
    public bool TryTake(string job, string lease)
    {
        var assignment = new Assignment(job, lease);
        lock (changing)
        {
            if (closing.IsCancellationRequested || current is not null)
            {
                return false;
            }

            current = assignment;
            runs++;
        }

        return taken.Writer.TryWrite(assignment);
    }

    /// <summary>Stops the job within a layer, if it is the one at work.</summary>
    /// <returns>False when it is not.</returns>
    public bool Stop(string job)
    {
        var assignment = current;
        var isIt = assignment?.Job == job;
        if (isIt)
        {
            assignment!.Stop(JobState.Cancelled);
        }

        return isIt;
    }

    /// <summary>No more jobs; what runs may end in the time of <see cref="ServiceSettings.Drain"/>, or else goes back to the queue, a training at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await closing.CancelAsync();
        await SayAsync();
        var until = Task.Delay(TimeSpan.FromSeconds(settings.Drain), cancellationToken);
        while (current is { GoesOn: false } && !until.IsCompleted)
        {
            await Task.WhenAny(until, Task.Delay(50, CancellationToken.None));
        }

        current?.Stop(JobState.Queued);
        taken.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var beat = BeatAsync(idle.Token);    // also while it drains: a job that nobody announces is given to others
        await WarmUpAsync();
        await foreach (var assignment in taken.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await WorkAsync(assignment);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogBroken(e, assignment.Job);    // the dispatcher gives it to somebody, as this lease is no longer announced
            }

            current = null;
            assignment.Dispose();
            await SayAsync();
        }

        await idle.CancelAsync();
        await beat;
    }

    // Queries are compiled when they are first asked; what there is to tell about weights that cannot be read, the first job tells.
    private async Task WarmUpAsync()
    {
        await jobs.TellAsync("", "", default, [], []);
        await jobs.EndAsync("", "", JobState.Done);
        await warmUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(DispatcherGrain.Beat);
        var (last, rested) = (0, 0);
        do
        {
            await SayAsync();
            if (current is null && runs == last && runs != rested)
            {
                SpareMemory.GiveBackAll();    // a beat without work
                rested = runs;
            }

            last = runs;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).AsTask().ContinueWith(
            tick => tick.IsCompletedSuccessfully && tick.Result, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
    }

    private Task SayAsync()
    {
        lock (changing)    // what is said together was true together
        {
            return mind.SayAsync(current?.Job, current?.Lease, holds, current is null && !closing.IsCancellationRequested, runs, ++said);
        }
    }

    private async Task WorkAsync(Assignment assignment)
    {
        if (await jobs.FindAsync(assignment.Job, CancellationToken.None) is not { } job || job.Lease != assignment.Lease)
        {
            return;
        }

        holds = job.Holds;
        var model = ServiceTelemetry.ModelOf(job.Holds);
        var begun = Stopwatch.GetTimestamp();
        using var activity = ServiceTelemetry.Source.StartActivity("job", ActivityKind.Consumer, job.Trace);
        activity?.SetTag("dramatis.job", job.Id).SetTag(model.Key, model.Value);
        ServiceTelemetry.Wait.Record((job.Started!.Value - job.Created) / 1000.0, model);
        assignment.GoesOn = job.Kind == JobRow.Learn;
        assignment.StopAfter(TimeSpan.FromSeconds(LimitOf(job)));
        await using var report = new JobReport(job, jobs, mind, assignment);
        var (state, error, learned) = await RunAsync(job, report, assignment);
        await report.FlushAsync();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var outcome = new KeyValuePair<string, object?>(PaintingTelemetry.OutcomeTag, ServiceDb.NameOf(state));
        activity?.SetTag(outcome.Key, outcome.Value);
        ServiceTelemetry.Duration.Record(seconds, model, outcome);
        ServiceTelemetry.Jobs.Add(1, model, outcome);
        LogWorked(job.Id, job.Owner, $"{model.Value}", ServiceDb.NameOf(state), seconds);
        if (state == JobState.Queued)
        {
            await jobs.ReleaseAsync(job.Id, assignment.Lease, attempt: false);
        }
        else if (await jobs.EndAsync(job.Id, assignment.Lease, state, error, learned) && learned is not null)
        {
            training.Forget(job.Id);
        }

        await mind.TellAsync(job.Id);
    }

    private int LimitOf(JobRow job) => job.Kind == JobRow.Learn ? settings.MaxLearnSeconds : settings.MaxSeconds;

    private async Task<(JobState State, JobError? Error, LearnedRow? Learned)> RunAsync(JobRow job, JobReport report, Assignment assignment)
    {
        try
        {
            if (job.Kind == JobRow.Learn)
            {
                return (JobState.Done, null, await training.RunAsync(job, report, assignment.Token));
            }

            await PaintAsync(job, report, assignment.Token);
            return (JobState.Done, null, null);
        }
        catch (OperationCanceledException) when (assignment.Token.IsCancellationRequested)
        {
            return assignment.Outcome == JobState.Failed
                ? (JobState.Failed, new($"it ran longer than {LimitOf(job)} seconds, the service's limit; ask for fewer steps, or smaller pictures."), null)
                : (assignment.Outcome, null, null);
        }
        catch (DramatisException e)
        {
            return (JobState.Failed, keeper.Explain(e), null);
        }
    }

    private async Task PaintAsync(JobRow job, JobReport report, CancellationToken cancellationToken)
    {
        await foreach (var item in painting.PaintAsync(await keeper.OpenAsync(job, cancellationToken), cancellationToken))
        {
            if (item is PictureDone done)
            {
                report.Add(await keeper.KeepAsync(job, done));
            }
            else
            {
                report.Add(item);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "job {Job} of {Owner} with {Model} is {State} after {Seconds} seconds")]
    private partial void LogWorked(string job, string owner, string model, string state, double seconds);

    [LoggerMessage(LogLevel.Error, "job {Job} has broken")]
    private partial void LogBroken(Exception e, string job);
}
