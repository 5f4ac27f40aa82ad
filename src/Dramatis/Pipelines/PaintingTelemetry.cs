using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Dramatis.Pipelines;

/// <summary>Traces and metrics of every <see cref="ImageGenerator"/> of the process, for OpenTelemetry or any other listener.</summary>
/// <remarks>
/// One activity, <c>paint</c>, a request. Instruments: <c>dramatis.queue.length</c>, <c>dramatis.queue.wait</c>, <c>dramatis.request.duration</c>,
/// <c>dramatis.step.duration</c>, <c>dramatis.model.load</c> (seconds) and <c>dramatis.pictures</c>. Neither prompts nor paths are in them.
/// </remarks>
public static class PaintingTelemetry
{
    /// <summary>The name of the source of activities, and of the meter.</summary>
    public const string Name = "Dramatis";

    internal const string ModelTag = "dramatis.model";
    internal const string OutcomeTag = "dramatis.outcome";
    internal const string ErrorTag = "error.type";

    private static readonly Meter Meter = new(Name);

    internal static ActivitySource Source { get; } = new(Name);

    internal static UpDownCounter<int> Waiting { get; } =
        Meter.CreateUpDownCounter<int>("dramatis.queue.length", "{request}", "Requests that wait for their turn.");

    internal static Histogram<double> Wait { get; } = Meter.CreateHistogram<double>("dramatis.queue.wait", "s", "How long a request waited for its turn.");

    internal static Histogram<double> Duration { get; } =
        Meter.CreateHistogram<double>("dramatis.request.duration", "s", "How long a request was worked on, loading of its model included.");

    internal static Histogram<double> Step { get; } = Meter.CreateHistogram<double>("dramatis.step.duration", "s", "How long a step took.");

    internal static Histogram<double> Loading { get; } = Meter.CreateHistogram<double>("dramatis.model.load", "s", "How long a model took to load.");

    internal static Counter<int> Pictures { get; } = Meter.CreateCounter<int>("dramatis.pictures", "{picture}", "Pictures painted.");
}
