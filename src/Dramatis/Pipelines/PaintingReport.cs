using System.Diagnostics;
using Dramatis.Errors;
using Dramatis.Requests;
using Microsoft.Extensions.Logging;

namespace Dramatis.Pipelines;

/// <summary>What is told of one request besides its events: to a log, to traces and to metrics.</summary>
/// <param name="reader">Who gets the events.</param>
internal sealed class PaintingReport(GenerationRequest request, IProgress<GenerationEvent> reader, ILogger logger) : IProgress<GenerationEvent>, IDisposable
{
    private readonly Activity? activity = PaintingTelemetry.Source.StartActivity("paint");
    private readonly long asked = Stopwatch.GetTimestamp();
    private string model = "";
    private int pictures;
    private long begun;
    private long latestStep;

    /// <summary>Waits for its turn.</summary>
    public async Task QueueAsync(Func<Task> turn)
    {
        activity?.SetTag("dramatis.subjects", request.Subjects.Count);
        activity?.SetTag("dramatis.count", request.Count);
        PaintingTelemetry.Waiting.Add(1);
        try
        {
            await turn().ConfigureAwait(false);
        }
        finally
        {
            PaintingTelemetry.Waiting.Add(-1);
            begun = Stopwatch.GetTimestamp();
        }

        PaintingTelemetry.Wait.Record(Stopwatch.GetElapsedTime(asked, begun).TotalSeconds);
        activity?.AddEvent(new("turn"));
    }

    public void Report(GenerationEvent value)
    {
        reader.Report(value);
        switch (value)
        {
            case ModelReady ready:
                Ready(ready);
                break;
            case Notice notice:
                logger.Noticed(notice.Field, notice.Text);
                break;
            case StepDone step:
                Stepped(step);
                break;
            case PictureDone:
                pictures++;
                PaintingTelemetry.Pictures.Add(1, new KeyValuePair<string, object?>(PaintingTelemetry.ModelTag, model));
                break;
            default:
                break;
        }
    }

    /// <summary>All is painted.</summary>
    public void Done()
    {
        Finish("done");
        logger.Painted(pictures, model, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>It came to nothing.</summary>
    public void Failed(Exception error)
    {
        if (error is OperationCanceledException)
        {
            Finish("cancelled");
            logger.Cancelled(pictures, request.Count);
            return;
        }

        Finish("failed", error);
        if (error is DramatisException)
        {
            logger.Refused(error.Message);
        }
        else
        {
            logger.Failed(error);
        }
    }

    public void Dispose() => activity?.Dispose();

    private void Ready(ModelReady ready)
    {
        model = Path.GetFileName(Path.TrimEndingDirectorySeparator(ready.Model));
        activity?.SetTag(PaintingTelemetry.ModelTag, model);
        activity?.AddEvent(new("model ready"));
        if (ready.Seconds > 0)
        {
            PaintingTelemetry.Loading.Record(ready.Seconds, new KeyValuePair<string, object?>(PaintingTelemetry.ModelTag, model));
        }

        logger.Ready(model, ready.Seconds);
    }

    // The first step of a picture comes with its preparation, and is not counted.
    private void Stepped(StepDone step)
    {
        if (step.Step > 1)
        {
            PaintingTelemetry.Step.Record(
                Stopwatch.GetElapsedTime(latestStep).TotalSeconds, new KeyValuePair<string, object?>(PaintingTelemetry.ModelTag, model));
        }

        latestStep = Stopwatch.GetTimestamp();
    }

    private void Finish(string outcome, Exception? error = null)
    {
        var tags = new TagList { { PaintingTelemetry.ModelTag, model }, { PaintingTelemetry.OutcomeTag, outcome } };
        activity?.SetTag(PaintingTelemetry.OutcomeTag, outcome);
        if (error is not null)
        {
            tags.Add(PaintingTelemetry.ErrorTag, error.GetType().Name);
            activity?.SetTag(PaintingTelemetry.ErrorTag, error.GetType().Name);
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        PaintingTelemetry.Duration.Record(begun == 0 ? 0 : Stopwatch.GetElapsedTime(begun).TotalSeconds, tags);
    }
}
