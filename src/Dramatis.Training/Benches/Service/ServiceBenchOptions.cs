namespace Dramatis.Benches.Service;

/// <summary>How a service is tried.</summary>
internal sealed record ServiceBenchOptions
{
    /// <summary>The program of the service, and what stands before its settings.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>How often a process is killed.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Pictures of the soak.</summary>
    public int Pictures { get; init; } = 2000;

    /// <summary>How many jobs are cancelled.</summary>
    public int Cancels { get; init; } = 200;

    /// <summary>Places of the queue that is asked for ten times as much.</summary>
    public int Queue { get; init; } = 20;

    /// <summary>Jobs of each count of clients, where a painter does nothing.</summary>
    public int Jobs { get; init; } = 300;

    /// <summary>Painters do nothing where they would paint: for trying out the bench.</summary>
    public bool Rehearse { get; init; }

    /// <summary>Of the order in which processes are killed, and of when jobs are cancelled.</summary>
    public int Seed { get; init; } = 1;

    public Action<string> Tell { get; init; } = _ => { };
}

/// <summary>What was found out, for a table.</summary>
/// <param name="Holds">Whether it is as it should be; null where nothing is asked for.</param>
internal sealed record Finding(string What, string Value, bool? Holds = null);
