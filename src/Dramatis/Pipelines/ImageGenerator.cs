using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>Works on a request and returns one PNG file a picture through <see cref="PictureDone"/>; synchronous.</summary>
public delegate void RunGeneration(GenerationRequest request, IProgress<GenerationEvent> progress, CancellationToken cancellationToken);

/// <summary>Generations as streams of events, one at a time, each on a thread of its own: tensors never leave it.</summary>
public sealed class ImageGenerator(RunGeneration run) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public void Dispose() => turn.Dispose();

    /// <summary>Events of one request, in order. Leaving the enumeration early stops the work.</summary>
    /// <exception cref="DramatisException">The request cannot be done.</exception>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateUnbounded<GenerationEvent>(new() { SingleReader = true, SingleWriter = true });
        var work = RunAsync(request, events.Writer, leaving.Token);
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
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(GenerationRequest request, ChannelWriter<GenerationEvent> events, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var progress = new ChannelProgress(events);
                await OnOwnThread(() => run(request, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
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

    private static Task OnOwnThread(Action work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class ChannelProgress(ChannelWriter<GenerationEvent> events) : IProgress<GenerationEvent>
    {
        public void Report(GenerationEvent value) => events.TryWrite(value);
    }
}
