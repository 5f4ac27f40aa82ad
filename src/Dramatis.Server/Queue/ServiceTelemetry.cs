using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dramatis.Pipelines;

namespace Dramatis.Server.Queue;

/// <summary>Figures and traces of jobs. Painters are processes of their own: what they measure is sent to the one that answers, and recorded there again.</summary>
internal static class ServiceTelemetry
{
    /// <summary>The name of the meter, and of the source of activities.</summary>
    public const string Name = "Dramatis.Server";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Source { get; } = new(Name);

    public static Histogram<double> Wait { get; } = Meter.CreateHistogram<double>("dramatis.job.wait", "s", "How long a job waited for its painter.");

    public static Histogram<double> Duration { get; } = Meter.CreateHistogram<double>("dramatis.job.duration", "s", "How long a painter worked on a job.");

    /// <summary>By <see cref="PaintingTelemetry.OutcomeTag"/>: done, failed, cancelled, or queued again.</summary>
    public static Counter<int> Jobs { get; } = Meter.CreateCounter<int>("dramatis.jobs", "{job}", "Jobs that painters were done with.");

    /// <summary>Attempts whose painter died.</summary>
    public static Counter<int> Lost { get; } = Meter.CreateCounter<int>("dramatis.jobs.lost", "{job}", "Jobs that lost their painter.");

    /// <summary>What painters measure, of the service and of the library.</summary>
    public static IReadOnlyList<Instrument> OfPainters { get; } =
    [
        Wait, Duration, Jobs, PaintingTelemetry.Step, PaintingTelemetry.Loading, PaintingTelemetry.Pictures,
    ];

    /// <summary>The tag of a job: the first of what it holds is its model.</summary>
    public static KeyValuePair<string, object?> ModelOf(string holds) => new(PaintingTelemetry.ModelTag, holds.Split('\n')[0]);

    /// <summary>Records here what painters have measured.</summary>
    public static void Record(IEnumerable<Measured> measures)
    {
        foreach (var item in measures)
        {
            var tags = new TagList([.. item.Tags.Select(tag => new KeyValuePair<string, object?>(tag.Key, tag.Value))]);
            switch (OfPainters.FirstOrDefault(instrument => instrument.Name == item.Instrument))
            {
                case Histogram<double> histogram:
                    histogram.Record(item.Value, tags);
                    break;
                case Counter<int> counter:
                    counter.Add((int)item.Value, tags);
                    break;
                default:
                    break;    // of a painter of another release
            }
        }
    }
}

/// <summary>Something that a painter has measured.</summary>
[GenerateSerializer]
internal sealed record Measured(string Instrument, double Value, Dictionary<string, string> Tags);
