using System.Globalization;
using System.Text.Json;
using Dramatis.Server.Queue;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>A job as the API shows it.</summary>
/// <param name="Cast">The subject of the cast that is learned, of a training.</param>
/// <param name="Place">In line, from 1, while it waits.</param>
/// <param name="Pictures">Those painted; of a training the sheets of what it has learned so far, numbered by their steps.</param>
internal sealed record JobView(
    string Id,
    string Owner,
    string Kind,
    string? Cast,
    JobState State,
    int Priority,
    int Attempts,
    int? Place,
    ProgressView? Progress,
    DateTimeOffset Created,
    DateTimeOffset? Started,
    DateTimeOffset? Ended,
    JsonElement Request,
    IReadOnlyList<PictureView> Pictures,
    JobErrorView? Error,
    bool Kept);

/// <param name="Picture">From 0.</param>
internal sealed record ProgressView(int Picture, int Step, int Steps);

internal sealed record JobErrorView(string Detail, string? Field);

/// <param name="Number">From 0, within its job.</param>
internal sealed record PictureView(string Id, string Url, string Job, int Number, ulong Seed, int Width, int Height, string Blob, DateTimeOffset Created, bool Kept);

/// <summary>A page of a list, newest first.</summary>
/// <param name="Next">What to ask the next page with; null after the last.</param>
internal sealed record PageView<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>From rows to what the API shows.</summary>
internal sealed class JobViews(PictureStore pictures, IGrainFactory grains)
{
    public async Task<JobView> OfAsync(JobRow job, CancellationToken cancellationToken)
    {
        var place = job.State == JobState.Queued ? (await grains.LookAsync(job.Id))?.Place : null;
        return Of(job, (await pictures.OfJobsAsync([job.Id], cancellationToken))[job.Id], place);
    }

    public async Task<IReadOnlyList<JobView>> OfAsync(IReadOnlyList<JobRow> jobs, CancellationToken cancellationToken)
    {
        var painted = await pictures.OfJobsAsync([.. jobs.Select(job => job.Id)], cancellationToken);
        var places = await grains.PlacesAsync([.. jobs.Where(job => job.State == JobState.Queued).Select(job => job.Id)]);
        return [.. jobs.Select(job => Of(job, painted[job.Id], places.TryGetValue(job.Id, out var place) ? place : null))];
    }

    public static PictureView Of(PictureRow picture) => new(
        picture.Id, $"/v1/pictures/{picture.Id}", picture.Job, picture.Number, ulong.Parse(picture.Seed, CultureInfo.InvariantCulture), picture.Width,
        picture.Height, picture.Blob, Time(picture.Created)!.Value, picture.IsKept);

    private static JobView Of(JobRow job, IEnumerable<PictureRow> painted, int? place) => new(
        job.Id, job.Owner, job.Kind, job.Cast, job.State, job.Priority, job.Attempts, place,
        job.Steps > 0 ? new(job.Picture, job.Step, job.Steps) : null,
        Time(job.Created)!.Value, Time(job.Started), Time(job.Ended),
        JsonSerializer.Deserialize<JsonElement>(job.Request),
        [.. painted.Select(Of)],
        job.Error is null ? null : new(job.Error, job.ErrorField), job.IsKept);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
