using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Dramatis.Server.Queue;

namespace Dramatis.Server.Painting;

/// <summary>Sends what this painter measures to the dispatcher, all that has gathered at once.</summary>
internal sealed class MeasureSender : BackgroundService
{
    private readonly ConcurrentQueue<Measured> gathered = new();
    private readonly MeterListener listener = new();
    private readonly IGrainFactory grains;

    public MeasureSender(IGrainFactory grains)
    {
        this.grains = grains;
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Gather(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Gather(instrument, value, tags));
        foreach (var instrument in ServiceTelemetry.OfPainters)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(DispatcherGrain.Beat);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var batch = new List<Measured>();
            while (gathered.TryDequeue(out var item))
            {
                batch.Add(item);
            }

            if (batch.Count > 0)
            {
                await Telling.TryAsync(() => grains.GetGrain<IDispatcher>(0).Measure(batch));
            }
        }
    }

    private void Gather(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (name, tag) in tags)
        {
            texts[name] = $"{tag}";
        }

        gathered.Enqueue(new(instrument.Name, value, texts));
    }
}
