using System.Text.Json;
using Dramatis.Requests;

namespace Dramatis.Studio.Service;

/// <summary>A picture that requests name by its id.</summary>
public sealed record StoredPicture(string Id, int Width, int Height)
{
    /// <summary>Width to height.</summary>
    public double Shape => (double)Width / Height;
}

/// <summary>A job as it stands.</summary>
/// <param name="State">As the API says it: queued, running, done, failed or cancelled.</param>
/// <param name="Place">In line, from 1, while it waits.</param>
/// <param name="Request">Null for work that is no painting.</param>
/// <param name="Cast">The saved subject that a training learns.</param>
public sealed record StudioJob(
    string Id, string Owner, string Kind, string State, int? Place, JobProgress Progress, DateTimeOffset Created, DateTimeOffset? Started, DateTimeOffset? Ended,
    GenerationRequest? Request, IReadOnlyList<PaintedPicture> Pictures, StudioError? Error, int Priority, bool IsKept, string? Cast)
{
    public bool IsActive => State is "queued" or "running";
}

/// <param name="Picture">From 0.</param>
/// <param name="Steps">0 where nothing is known yet.</param>
public readonly record struct JobProgress(int Picture, int Step, int Steps);

/// <summary>Why something is refused or failed.</summary>
/// <param name="Field">The field of the request that is at fault, if one is.</param>
public sealed record StudioError(string? Field, string Text);

/// <param name="Number">From 0, within its job.</param>
public sealed record PaintedPicture(string Id, string Job, int Number, ulong Seed, int Width, int Height, DateTimeOffset Created)
{
    public string Url => $"/v1/pictures/{Id}";

    /// <param name="width">In pixels.</param>
    public string Thumbnail(int width) => $"{Url}?format=webp&width={Math.Min(width, Width)}";
}

/// <summary>Something that happened to a job.</summary>
/// <param name="Kind">As the API's events are called.</param>
public sealed record JobNews(string Kind, JsonElement Data);

public sealed record QueueLook(int Waiting, int Painters, bool IsPaused);

/// <summary>A saved subject.</summary>
/// <param name="Phrase">The words of prompts that mean it.</param>
/// <param name="Pictures">Ids.</param>
public sealed record CastMember(string Id, string Name, string Phrase, IReadOnlyList<string> Pictures, IReadOnlyList<LearnedLook> Learned);

/// <summary>What was learned of a saved subject.</summary>
/// <param name="Id">What jobs call it: as a learned file, or as the model of one that was learned into a model of its own.</param>
/// <param name="Model">The base model that it goes with.</param>
/// <param name="Words">What prompts say of it.</param>
public sealed record LearnedLook(string Id, string Method, string Model, string Words);

/// <summary>A way to learn a subject.</summary>
public sealed record LearnWay(string Name, string Summary);

/// <summary>A key, but for what opens.</summary>
public sealed record KeyLook(string Name, bool IsAdmin, bool IsRevoked, DateTimeOffset Created);
