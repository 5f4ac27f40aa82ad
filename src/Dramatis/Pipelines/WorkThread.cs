using System.Collections.Concurrent;

namespace Dramatis.Pipelines;

/// <summary>A thread that works on one thing after another. Begun by the first of them.</summary>
/// <remarks>
/// malloc and OpenMP keep memory and helpers for each thread that ever computed: with a new one for each request a process grows for as long as it
/// paints.
/// </remarks>
internal sealed class WorkThread : IDisposable
{
    private readonly BlockingCollection<Task> waiting = [];
    private readonly Lazy<Thread> thread;

    public WorkThread(string name)
    {
        thread = new(() =>
        {
            var started = new Thread(Work) { IsBackground = true, Name = name };
            started.Start();
            return started;
        });
    }

    /// <summary>Its end, or its error. What waits when it is cancelled is not begun.</summary>
    public Task RunAsync(Action work, CancellationToken cancellationToken)
    {
        // Not by the task's own token, which could end it between a look at it and its start.
        var task = new Task(
            () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                work();
            },
            TaskCreationOptions.RunContinuationsAsynchronously);
        _ = thread.Value;
        waiting.Add(task, CancellationToken.None);
        return task;
    }

    /// <summary>Ends the thread when its work is done.</summary>
    public void Dispose()
    {
        waiting.CompleteAdding();
        if (thread.IsValueCreated)
        {
            thread.Value.Join();
        }

        waiting.Dispose();
    }

    private void Work()
    {
        foreach (var task in waiting.GetConsumingEnumerable())
        {
            task.RunSynchronously(TaskScheduler.Default);
        }
    }
}
