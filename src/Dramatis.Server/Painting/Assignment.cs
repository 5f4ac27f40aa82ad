using Dramatis.Server.Storage;

namespace Dramatis.Server.Painting;

/// <summary>A job that a painter works on, and how it is to end if it is stopped.</summary>
internal sealed class Assignment(string job, string lease) : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Lock ending = new();
    private Timer? limit;

    public string Job => job;

    public string Lease => lease;

    public CancellationToken Token => stop.Token;

    /// <summary>Whether another attempt goes on where this one is stopped.</summary>
    public bool GoesOn { get; set; }

    /// <summary>Cancelled, failed for want of time, or queued again; done if nobody stopped it.</summary>
    public JobState Outcome { get; private set; } = JobState.Done;

    public void Stop(JobState outcome)
    {
        lock (ending)
        {
            if (Outcome == JobState.Done)
            {
                Outcome = outcome;
            }
        }

        stop.Cancel();
    }

    public void StopAfter(TimeSpan time) => limit = new(_ => Stop(JobState.Failed), null, time, Timeout.InfiniteTimeSpan);

    public void Dispose() => limit?.Dispose();    // whoever stops it late may do so: a source without a timer holds nothing
}
