using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Dramatis.Pipelines;

/// <summary>Work that reports, as a stream of its reports: plain loops on its side, <c>await foreach</c> on the reader's, a channel between them.</summary>
internal static class EventStream
{
    /// <summary>The events of work that is begun by the enumeration. Leaving it early stops the work; its error comes after the last event.</summary>
    public static async IAsyncEnumerable<T> Of<T>(
        Func<IProgress<T>, CancellationToken, Task> work, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateUnbounded<T>(new() { SingleReader = true, SingleWriter = true });
        var running = RunAsync(work, events.Writer, leaving.Token);
        try
        {
            await foreach (var item in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Tensors stay on one thread: work with them has one of its own, from its first to its last line.</summary>
    public static Task OnOwnThread(Action work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async Task RunAsync<T>(Func<IProgress<T>, CancellationToken, Task> work, ChannelWriter<T> events, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await work(new ChannelProgress<T>(events), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            events.TryComplete(failure);
        }
    }

    private sealed class ChannelProgress<T>(ChannelWriter<T> events) : IProgress<T>
    {
        public void Report(T value) => events.TryWrite(value);
    }
}
