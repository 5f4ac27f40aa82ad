using Dramatis.Server.Storage;

namespace Dramatis.Server.Queue;

/// <summary>Whose turn it is: owners one after another; of one owner's by priority, then by age.</summary>
/// <remarks>Among an owner's equals one goes first for which a painter has its model in memory already, but past nobody more than ten times.</remarks>
internal sealed class JobOrder
{
    private const int MostPassed = 10;

    private readonly SortedDictionary<string, QueuedJob> waiting = new(StringComparer.Ordinal);    // ids rise with time
    private readonly Dictionary<string, long> turns = [];
    private readonly Dictionary<string, int> passed = [];
    private readonly Dictionary<string, QueuedJob?> since = [];    // null where it was taken out
    private long turn;

    public int Count => waiting.Count;

    public void Add(QueuedJob job)
    {
        waiting[job.Id] = job;
        since[job.Id] = job;
    }

    public void Remove(string job)
    {
        waiting.Remove(job);
        passed.Remove(job);
        since[job] = null;
    }

    /// <summary>The database is going to be asked: its answer knows nothing of what changes from here on.</summary>
    public void Expect() => since.Clear();

    /// <summary>What waited in the database some time after <see cref="Expect"/>.</summary>
    public void Reset(IEnumerable<QueuedJob> jobs)
    {
        waiting.Clear();
        foreach (var job in jobs.Where(job => !since.ContainsKey(job.Id)).Concat(since.Values.OfType<QueuedJob>()).ToList())
        {
            waiting[job.Id] = job;
        }

        foreach (var gone in passed.Keys.Where(job => !waiting.ContainsKey(job)).ToList())
        {
            passed.Remove(gone);
        }
    }

    /// <summary>Takes the job whose turn it is out of the line.</summary>
    /// <param name="holds">What the painter has in memory.</param>
    public QueuedJob? Take(string? holds)
    {
        if (waiting.Count == 0)
        {
            return null;
        }

        var owner = waiting.Values.Select(job => job.Owner).Distinct().MinBy(TurnOf)!;
        var job = Choose([.. ByRank(owner)], holds);
        turns[owner] = ++turn;
        Remove(job.Id);
        return job;
    }

    /// <summary>How many jobs are begun until this one is, with itself, if none comes and none is preferred.</summary>
    public int? PlaceOf(string id)
    {
        if (!waiting.TryGetValue(id, out var job))
        {
            return null;
        }

        // In each round everyone has one turn; owners who were served longer ago come before.
        var round = ByRank(job.Owner).TakeWhile(other => other.Id != id).Count();
        return round + 1 + waiting.Values.GroupBy(other => other.Owner).Where(others => others.Key != job.Owner)
            .Sum(others => Math.Min(others.Count(), round + (TurnOf(others.Key) < TurnOf(job.Owner) || IsOlder(others, job) ? 1 : 0)));
    }

    private QueuedJob Choose(IReadOnlyList<QueuedJob> ranked, string? holds)
    {
        var equals = ranked.TakeWhile(job => job.Priority == ranked[0].Priority).ToList();
        var fitting = holds is null ? -1 : equals.FindIndex(job => job.Holds == holds);
        var patient = equals.FindIndex(job => passed.GetValueOrDefault(job.Id) >= MostPassed);
        if (fitting <= 0 || (patient >= 0 && patient < fitting))
        {
            return equals[0];
        }

        foreach (var job in equals.Take(fitting))
        {
            passed[job.Id] = passed.GetValueOrDefault(job.Id) + 1;
        }

        return equals[fitting];
    }

    private IEnumerable<QueuedJob> ByRank(string owner) =>
        waiting.Values.Where(job => job.Owner == owner).OrderByDescending(job => job.Priority);    // stable: the oldest first

    private long TurnOf(string owner) => turns.GetValueOrDefault(owner);

    private bool IsOlder(IGrouping<string, QueuedJob> others, QueuedJob job) =>
        TurnOf(others.Key) == TurnOf(job.Owner) && string.CompareOrdinal(others.First().Id, waiting.Values.First(own => own.Owner == job.Owner).Id) < 0;
}
