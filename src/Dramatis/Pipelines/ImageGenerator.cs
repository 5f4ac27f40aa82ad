using Dramatis.Errors;
using Dramatis.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dramatis.Pipelines;

/// <summary>Works on a request and returns one PNG file a picture through <see cref="PictureDone"/>; synchronous.</summary>
internal delegate void RunGeneration(GenerationRequest request, IProgress<GenerationEvent> progress, CancellationToken cancellationToken);

/// <summary>Text to image, image to image and inpainting with subjects: requests in, pictures out.</summary>
/// <remarks>
/// Any number of threads may ask at once: requests are painted one after another as they came, on a thread of the generator that tensors never
/// leave. The model of the last request stays in memory. <see cref="PaintingTelemetry"/> tells of the work.
/// </remarks>
public sealed class ImageGenerator : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource closing = new();
    private readonly WorkThread thread = new("Dramatis painting");
    private readonly RunGeneration run;
    private readonly IDisposable? host;
    private readonly ILogger logger;
    private bool isDisposed;

    internal ImageGenerator(RunGeneration run, IDisposable? host = null, ILogger? logger = null)
    {
        this.run = run;
        this.host = host;
        this.logger = logger ?? NullLogger.Instance;
    }

    /// <summary>A generator for a model. Weights are read when the first request comes.</summary>
    /// <param name="model">
    /// A folder in the layout of diffusers, a single-file checkpoint, or a name of the options' catalogue; requests may name others.
    /// </param>
    /// <param name="options">Null for single precision on the processor, and paths instead of names.</param>
    /// <exception cref="ModelNotFoundException">There is no such folder, file or name.</exception>
    public static ImageGenerator Open(string model, PaintingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        options ??= new();
        var host = new PaintingHost(model, options);
        host.Locate(null);
        return new(host.Run, host, options.Logger);
    }

    /// <summary>Paints all pictures of a request.</summary>
    /// <returns>PNG files that carry their request, <see cref="GenerationRequest.Count"/> of them.</returns>
    /// <exception cref="DramatisException">The request or the model is at fault; the message says what, where and the cure.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two layers of a network.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed.</exception>
    public async Task<IReadOnlyList<PictureDone>> PaintAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        var pictures = new List<PictureDone>();
        await foreach (var item in GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (item is PictureDone picture)
            {
                pictures.Add(picture);
            }
        }

        return pictures;
    }

    /// <summary>Events of one request, in order: progress, notices, previews, pictures. Leaving the enumeration early stops the work.</summary>
    /// <exception cref="DramatisException">The request or the model is at fault; the message says what, where and the cure.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two layers of a network.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed.</exception>
    public IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref isDisposed), this);
        return EventStream.Of<GenerationEvent>((progress, stop) => RunAsync(request, progress, stop), cancellationToken);
    }

    /// <summary>Reads weights and paints for nobody, so that the first who asks does not wait for what is done once.</summary>
    /// <exception cref="DramatisException">As of <see cref="PaintAsync"/>.</exception>
    internal async Task WarmUpAsync(GenerationRequest request)
    {
        await turn.WaitAsync(closing.Token).ConfigureAwait(false);
        await PaintInTurnAsync(request, new Unheard(), closing.Token).ConfigureAwait(false);
    }

    /// <summary>Stops what is being painted, waits until it has stopped, and gives the model's memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
        {
            return;
        }

        closing.Cancel();
        turn.Wait();    // never given back: who still waits for it is cancelled
        thread.Dispose();
        host?.Dispose();
    }

    private async Task RunAsync(GenerationRequest request, IProgress<GenerationEvent> progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref isDisposed), this);    // since the stream was asked for
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        using var report = new PaintingReport(request, progress, logger);
        try
        {
            await report.QueueAsync(() => turn.WaitAsync(stop.Token)).ConfigureAwait(false);
            await PaintInTurnAsync(request, report, stop.Token).ConfigureAwait(false);
            report.Done();
        }
        catch (Exception e)
        {
            report.Failed(e);
            throw;
        }
    }

    private async Task PaintInTurnAsync(GenerationRequest request, IProgress<GenerationEvent> progress, CancellationToken cancellationToken)
    {
        try
        {
            await thread.RunAsync(() => run(request, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private sealed class Unheard : IProgress<GenerationEvent>
    {
        public void Report(GenerationEvent value)
        {
        }
    }
}
