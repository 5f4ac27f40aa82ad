using Dramatis.Server.Settings;

namespace Dramatis.Server.Storage;

/// <summary>Where a job stands: queued, running, and then one of three ends.</summary>
internal enum JobState
{
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// <summary>One request on its way to pictures, or one training. Times are milliseconds since 1970.</summary>
internal sealed class JobRow
{
    public const string Paint = "paint";
    public const string Learn = "learn";

    /// <summary>Not to be done, but done: what was cleared away.</summary>
    public const string Clear = "clear";

    /// <summary>A UUID of version 7: in the order of time.</summary>
    public required string Id { get; init; }

    public required string Owner { get; init; }

    /// <summary>What kind of work it is: <see cref="Paint"/>, <see cref="Learn"/> or <see cref="Clear"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The subject of the cast that is learned.</summary>
    public string? Cast { get; init; }

    /// <summary>The request as JSON, complete in itself: models by name, pictures by blob.</summary>
    public required string Request { get; init; }

    /// <summary>The model and what is loaded over it: painters that hold it already come first.</summary>
    public required string Holds { get; init; }

    public JobState State { get; init; }

    /// <summary>The higher the sooner, among one owner's.</summary>
    public int Priority { get; init; }

    public int Attempts { get; init; }

    /// <summary>Whoever knows it may change the job while it runs.</summary>
    public string? Lease { get; init; }

    public string? Painter { get; init; }

    /// <summary>Somebody wants it stopped.</summary>
    public bool IsStopping { get; init; }

    public bool IsKept { get; init; }

    public long Created { get; init; }

    public long? Started { get; init; }

    public long? Ended { get; init; }

    /// <summary>The trace that it was asked for in, as W3C's traceparent; null for none.</summary>
    public string? Trace { get; init; }

    /// <summary>The number of its newest event.</summary>
    public int Events { get; init; }

    /// <summary>From 0.</summary>
    public int Picture { get; init; }

    public int Step { get; init; }

    public int Steps { get; init; }

    public string? Error { get; init; }

    public string? ErrorField { get; init; }

    /// <summary>What the client called its request, so that sending it twice makes one job.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the body sent under that name.</summary>
    public string? BodyHash { get; init; }
}

/// <summary>Something that happened to a job.</summary>
internal sealed class EventRow
{
    public required string Job { get; init; }

    /// <summary>From 1, rising.</summary>
    public required int Number { get; init; }

    public required string Kind { get; init; }

    /// <summary>JSON.</summary>
    public required string Data { get; init; }
}

/// <summary>A painted picture, or a sheet of what a training has learned so far.</summary>
internal sealed class PictureRow
{
    public required string Id { get; init; }

    public required string Job { get; init; }

    public required string Owner { get; init; }

    /// <summary>From 0, within its job; of a sheet its step.</summary>
    public required int Number { get; init; }

    public required string Blob { get; init; }

    /// <summary>A whole number up to 2^64 - 1, as text: databases end at 2^63.</summary>
    public required string Seed { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required long Created { get; init; }

    public bool IsKept { get; init; }
}

/// <summary>What an owner may name of what lies in the folder of blobs.</summary>
internal sealed class BlobRow
{
    /// <summary>SHA-256 of the bytes.</summary>
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required long Bytes { get; init; }

    public required long Created { get; init; }
}

/// <summary>A job, or a subject of the cast, needs a blob.</summary>
internal sealed class UseRow
{
    /// <summary>The id of either.</summary>
    public required string Job { get; init; }

    public required string Blob { get; init; }
}

/// <summary>A key: who may ask, and for how much.</summary>
internal sealed class KeyRow
{
    /// <summary>Whose it is: the owner of all that is asked for with it.</summary>
    public required string Name { get; init; }

    /// <summary>The part of a key that is no secret.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the part that is one.</summary>
    public required string Hash { get; init; }

    public required KeyRole Role { get; init; }

    /// <summary>How many jobs may wait; null for what everyone has.</summary>
    public int? MaxQueue { get; init; }

    /// <summary>The most work of one job; null for what everyone has.</summary>
    public double? MaxWork { get; init; }

    public required long Created { get; init; }

    public long? Revoked { get; init; }
}

/// <summary>Something that all processes of the service are to know, by its name.</summary>
internal sealed class FactRow
{
    public required string Name { get; init; }

    public required string Value { get; init; }
}
