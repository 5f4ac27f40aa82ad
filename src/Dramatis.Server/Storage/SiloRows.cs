namespace Dramatis.Server.Storage;

/// <summary>A process of the service, as the others know it. Times are ticks of UTC.</summary>
internal sealed class SiloRow
{
    /// <summary>The address that its silo has for as long as the process lives.</summary>
    public required string Id { get; init; }

    public required string Cluster { get; init; }

    public required int Status { get; init; }

    public required string Host { get; init; }

    public required string Name { get; init; }

    public required int Gateway { get; init; }

    public required long Started { get; init; }

    public required long Alive { get; init; }

    /// <summary>Who takes it for dead since when, as <c>ADDRESS,TICKS</c> with spaces between them.</summary>
    public required string Suspects { get; init; }

    /// <summary>Rises with each change but those of <see cref="Alive"/>.</summary>
    public required long Change { get; init; }
}

/// <summary>The version of what is known of all processes: whoever changes one says from which version it goes.</summary>
internal sealed class ClusterRow
{
    public required string Id { get; init; }

    public required int Version { get; init; }
}
