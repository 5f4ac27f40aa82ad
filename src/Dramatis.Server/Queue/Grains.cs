using Dramatis.Server.Storage;
using Orleans.Concurrency;

namespace Dramatis.Server.Queue;

/// <summary>Who works on what: one for a pool of equal painters.</summary>
internal interface IDispatcher : IGrainWithIntegerKey
{
    /// <summary>A job waits, or waits otherwise than before.</summary>
    [OneWay]
    Task Wait(QueuedJob job);

    /// <summary>A painter lives, and says what it does. Those that do so no longer lose their jobs.</summary>
    [OneWay]
    Task Announce(PainterState painter);

    /// <summary>A painter's process has ended.</summary>
    Task Gone(string host, int process);

    /// <summary>Whether a painter's process has announced itself of late.</summary>
    Task<bool> Knows(string host, int process);

    /// <summary>Painters say what they have measured.</summary>
    [OneWay]
    Task Measure(IReadOnlyList<Measured> measures);

    /// <summary>Somebody wants a running job stopped.</summary>
    Task Stop(string job);

    /// <summary>Takes a job out of the line.</summary>
    Task Forget(string job);

    /// <summary>Begins no more jobs, also after all processes have ended, or begins them again.</summary>
    Task Pause(bool paused);

    Task<QueueState> Look(string? job = null);

    /// <returns>The places of those that wait, from 1.</returns>
    Task<Dictionary<string, int>> Places(IReadOnlyList<string> jobs);
}

/// <summary>One process that paints. Its key is the address of its silo.</summary>
internal interface IPainter : IGrainWithStringKey
{
    /// <summary>Begins a job and returns at once.</summary>
    /// <returns>False when it works on another, or stops.</returns>
    Task<bool> Run(string job, string lease);

    /// <summary>Stops a job within a layer of a network.</summary>
    /// <returns>False when it works on another.</returns>
    Task<bool> Stop(string job);
}

/// <summary>One job in flight: tells whoever watches that there are new events to be read.</summary>
internal interface IJob : IGrainWithStringKey
{
    [OneWay]
    Task Changed();

    Task Watch(IJobWatcher watcher);

    Task Leave(IJobWatcher watcher);
}

/// <summary>Whoever reads a job's events.</summary>
internal interface IJobWatcher : IGrainObserver
{
    [OneWay]
    Task Changed();
}

/// <summary>What a painter says of itself.</summary>
/// <param name="Address">Of its silo.</param>
/// <param name="Job">What it works on.</param>
/// <param name="Holds">What it holds in memory, as <see cref="JobRow.Holds"/> says it.</param>
/// <param name="IsFree">Whether it would take a job.</param>
/// <param name="Runs">How many jobs it has taken: what was said before the last one is old.</param>
/// <param name="Said">Rises with each word: two that are said at once may come in another order.</param>
[GenerateSerializer]
internal sealed record PainterState(string Address, string Host, int Process, string? Job, string? Lease, string? Holds, bool IsFree, int Runs, long Said);

/// <summary>What is to be seen of a queue.</summary>
/// <param name="Place">Of the job asked for, from 1; null when it does not wait.</param>
[GenerateSerializer]
internal sealed record QueueState(int Waiting, int Painters, bool IsPaused, int? Place);
