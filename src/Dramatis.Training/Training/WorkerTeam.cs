using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Dramatis.Training;

/// <summary>Threads that do parts of a job at the same time, each computing alone.</summary>
/// <remarks>
/// Small operations leave a second core waiting at each of their ends. Two threads that share a batch wait once a step instead, and
/// do not stall each other when another program takes a core. The threads that libtorch has are divided among them.
/// Whoever runs it holds finalizers (<see cref="Tensors.FinalizerHold"/>): the workers' garbage meets the other one's numbers.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Thread[] threads;
    private readonly Barrier start;
    private readonly Barrier end;
    private readonly ExceptionDispatchInfo?[] failures;
    private readonly int threadsBefore = torch.get_num_threads();
    private Action<int>? job;

    public WorkerTeam(int count)
    {
        start = new Barrier(count + 1);
        end = new Barrier(count + 1);
        failures = new ExceptionDispatchInfo?[count];
        threads = [.. Enumerable.Range(0, count).Select(worker => new Thread(() => Work(worker)) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
    }

    /// <summary>Has every worker do its part and waits for all.</summary>
    public void Run(Action<int> part)
    {
        job = part;
        start.SignalAndWait();
        end.SignalAndWait();
        Array.Find(failures, failure => failure is not null)?.Throw();
    }

    public void Dispose()
    {
        job = null;
        start.SignalAndWait();
        Array.ForEach(threads, thread => thread.Join());
        start.Dispose();
        end.Dispose();
        torch.set_num_threads(threadsBefore);
    }

    private void Work(int worker)
    {
        torch.set_num_threads(Math.Max(1, threadsBefore / failures.Length));

        for (start.SignalAndWait(); job is { } part; start.SignalAndWait())
        {
            failures[worker] = null;
            try
            {
                part(worker);
            }
            catch (Exception e)
            {
                failures[worker] = ExceptionDispatchInfo.Capture(e);
            }

            end.SignalAndWait();
        }
    }
}
