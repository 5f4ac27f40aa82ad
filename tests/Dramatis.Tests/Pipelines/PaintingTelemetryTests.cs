using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dramatis.Errors;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Microsoft.Extensions.Logging;

namespace Dramatis.Tests.Pipelines;

/// <summary>What is told of the work besides its events.</summary>
public sealed class PaintingTelemetryTests : IDisposable
{
    private static readonly GenerationRequest Request = new() { Prompt = "secret words" };

    private readonly ActivityListener traces;
    private readonly MeterListener metrics = new();
    private readonly List<Activity> activities = [];
    private readonly List<(string Name, double Value, string Tags)> measured = [];
    private readonly Lines log = new();
    private readonly string model = $"model-{Guid.NewGuid():N}";    // other tests paint meanwhile

    public PaintingTelemetryTests()
    {
        traces = new()
        {
            ShouldListenTo = source => source.Name == PaintingTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("dramatis.model") is string name && name == model)
                {
                    lock (activities)
                    {
                        activities.Add(activity);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(traces);
        metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == PaintingTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measure(instrument, value, tags));
        metrics.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measure(instrument, value, tags));
        metrics.Start();
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    [Fact]
    public async Task A_request_is_traced_measured_and_logged_without_its_prompt()
    {
        await Paint(progress =>
        {
            progress.Report(new Notice("size", "is odd."));
            progress.Report(new StepDone(0, 1, 2));
            progress.Report(new StepDone(0, 2, 2));
            progress.Report(new PictureDone(0, 1, []));
        });

        var activity = Assert.Single(activities);
        Assert.Equal(("paint", model, "done"), (activity.OperationName, activity.GetTagItem("dramatis.model"), activity.GetTagItem("dramatis.outcome")));
        Assert.Equal(
            ["dramatis.model.load", "dramatis.pictures", "dramatis.request.duration", "dramatis.step.duration"], measured.Select(item => item.Name).Order());
        Assert.Contains(log.Written, line => line == "Warning size: is odd.");
        Assert.Contains(log.Written, line => line.StartsWith($"Information Painted 1 with {model} in ", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Written, line => line.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain(activity.TagObjects, tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_came_to_nothing_is_told_by_its_kind()
    {
        await Assert.ThrowsAsync<InvalidRequestException>(() => Paint(_ => throw new InvalidRequestException("size", "is odd.")));
        await Assert.ThrowsAsync<IOException>(() => Paint(_ => throw new IOException("no disk")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Paint(_ => throw new OperationCanceledException()));

        Assert.Equal(["failed", "failed", "cancelled"], activities.Select(activity => activity.GetTagItem("dramatis.outcome")));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset], activities.Select(activity => activity.Status));
        Assert.Contains(measured, item => item.Tags.Contains("error.type=InvalidRequestException", StringComparison.Ordinal));
        Assert.Equal(["Warning Not painted: size: is odd.", "Error Painting failed.", "Information Cancelled after 0 of 1."],
            log.Written.Where(line => !line.StartsWith("Debug", StringComparison.Ordinal)));
    }

    private async Task Paint(Action<IProgress<GenerationEvent>> work)
    {
        using var generator = new ImageGenerator(
            (_, progress, _) =>
            {
                progress.Report(new ModelReady($"/models/{model}", "", .5));
                work(progress);
            },
            logger: log);
        await generator.PaintAsync(Request, Test);
    }

    private void Measure(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        if (text.Contains(model, StringComparison.Ordinal))
        {
            lock (measured)
            {
                measured.Add((instrument.Name, value, text));
            }
        }
    }

    private sealed class Lines : ILogger
    {
        private readonly List<string> written = [];

        public IReadOnlyList<string> Written => written;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            written.Add($"{logLevel} {formatter(state, exception)}");
    }
}
