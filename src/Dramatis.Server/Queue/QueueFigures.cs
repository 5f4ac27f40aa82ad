using System.Diagnostics.Metrics;

namespace Dramatis.Server.Queue;

/// <summary>How the queue stands, for whoever looks at figures; of several processes that answer, the one with the dispatcher has it.</summary>
internal sealed class QueueFigures
{
    private volatile Standing? latest;

    public QueueFigures(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceTelemetry.Name);
        Watch("dramatis.jobs.waiting", "{job}", "Jobs that wait.", standing => standing.Waiting);
        Watch("dramatis.jobs.running", "{job}", "Jobs that are worked on.", standing => standing.Running);
        Watch("dramatis.painters", "{process}", "Painters that answer.", standing => standing.Painters);

        void Watch(string name, string unit, string meaning, Func<Standing, int> figure) => meter.CreateObservableGauge(
            name, () => latest is { } standing ? [new Measurement<int>(figure(standing))] : (IEnumerable<Measurement<int>>)[], unit, meaning);
    }

    public void Show(int waiting, int running, int painters) => latest = new(waiting, running, painters);

    /// <summary>The dispatcher has left.</summary>
    public void Hide() => latest = null;

    private sealed record Standing(int Waiting, int Running, int Painters);
}
