using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Requests;
using Dramatis.Server.Access;
using Dramatis.Server.Api;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Studio.Service;
using Dramatis.Training.Learned;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Studio;

/// <summary>The service as the studio's pages use it: through the same door as the HTTP API.</summary>
internal sealed class Workshop(
    string owner, RequestIntake intake, LearnIntake lessons, JobDesk desk, JobFollower follower, JobViews views, PictureStore pictures, BlobStore blobs,
    CastDesk cast, CastStore members, ModelCatalog catalog, KeyStore keys, IGrainFactory grains) : IWorkshop
{
    private const int MostMembers = 500;
    private const string ForAdmins = "keys are for those of the role admin.";

    private static readonly Dictionary<string, byte[]> NoParts = [];

    public IReadOnlyList<CatalogEntry> Models => catalog.Entries;

    public IReadOnlyList<LearnWay> Ways { get; } = [.. LearnedMethods.All.Select(method => new LearnWay(method.Name, method.Summary))];

    public GenerationDefaults DefaultsOf(string? model) => ModelDefaults.Of(catalog.Locate(model), catalog.LoadingOf(model, new()));

    public async Task<StoredPicture> UploadAsync(byte[] file, string name, CancellationToken stop) => Of(await intake.UploadAsync(name, file, owner, stop));

    public async Task<StoredPicture?> FindPictureAsync(string id, CancellationToken stop) =>
        await blobs.FindAsync(owner, id, stop) is { } blob ? Of(blob) : null;

    public async Task<byte[]?> ReadPaintedAsync(string id, CancellationToken stop) =>
        await pictures.FindAsync(owner, id, stop) is { } picture ? await blobs.ReadAsync(picture.Blob, stop) : null;

    public Task CheckAsync(GenerationRequest request, CancellationToken stop) => intake.TakeAsync(request, NoParts, owner, stop);

    public async Task<StudioJob> PaintAsync(GenerationRequest request, CancellationToken stop) =>
        await ViewAsync(await desk.SubmitAsync(await intake.TakeAsync(request, NoParts, owner, stop), owner, priority: 0, stop), stop);

    public Task<IReadOnlyList<StudioJob>> JobsAsync(string? state, string? before, int limit, CancellationToken stop) =>
        ListAsync(owner, Choices.Find<JobState>(state, "state"), new(before, limit), stop);

    public async Task<IReadOnlyList<StudioJob>> AllJobsAsync(string? before, int limit, CancellationToken stop)
    {
        await RefuseOthersAsync("jobs of others are for those of the role admin.");
        return await ListAsync(null, null, new(before, limit), stop);
    }

    public async Task<StudioJob?> FindJobAsync(string id, CancellationToken stop)
    {
        try
        {
            return await ViewAsync(await desk.FindAsync(id, owner, stop), stop);
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<JobNews> FollowAsync(string job, [EnumeratorCancellation] CancellationToken stop)
    {
        await desk.FindAsync(job, owner, stop);
        await foreach (var item in follower.FollowAsync(job, after: 0, stop))
        {
            yield return new(item.Kind, JsonSerializer.Deserialize<JsonElement>(item.Data));
        }
    }

    public async Task CancelAsync(string job) => await desk.CancelAsync(job, await ChargeAsync(), CancellationToken.None);

    public Task RetryAsync(string job) => desk.RetryAsync(job, owner, CancellationToken.None);

    public Task DeleteAsync(string job) => desk.DeleteAsync(job, owner, CancellationToken.None);

    public async Task AmendAsync(string job, int? priority, bool? kept) => await desk.AmendAsync(job, await ChargeAsync(), priority, kept, CancellationToken.None);

    public async Task<IReadOnlyList<PaintedPicture>> PicturesAsync(string? before, int limit, CancellationToken stop) =>
        [.. (await pictures.PicturesAsync(owner, new(before, limit), stop)).Select(JobViews.Of).Select(Of)];

    public Task<int> CountPicturesAsync(CancellationToken stop) => pictures.CountAsync(owner, stop);

    public async Task<IReadOnlyList<CastMember>> CastAsync(CancellationToken stop)
    {
        var rows = await members.ListAsync(owner, new(null, MostMembers), stop);
        var learned = await members.LearnedOfAsync([.. rows.Select(row => row.Id)], stop);
        return [.. rows.Select(row => Of(row, learned[row.Id]))];
    }

    public async Task<CastMember> SaveAsync(string? id, string name, string phrase, IReadOnlyList<string> pictures, CancellationToken stop)
    {
        var json = JsonSerializer.Serialize(new { name, phrase, pictures }, JsonSerializerOptions.Web);
        return Of(id is null ? await cast.AddAsync(json, NoParts, owner, stop) : await cast.ChangeAsync(id, json, NoParts, owner, stop), []);
    }

    public Task ForgetAsync(string id, CancellationToken stop) => cast.DeleteAsync(id, owner, stop);

    public async Task<StudioJob> LearnAsync(string id, string method, int? steps, CancellationToken stop)
    {
        var subject = await cast.FindAsync(id, owner, stop);
        var order = new JsonObject { ["method"] = method };
        if (steps is { } number)
        {
            order["steps"] = number;
        }

        return await ViewAsync(await desk.LearnAsync(subject, lessons.Take(subject, order.ToJsonString()), priority: 0, stop), stop);
    }

    public async Task<byte[]?> ReadPictureAsync(string id, CancellationToken stop) =>
        await blobs.FindAsync(owner, id, stop) is null ? null : await blobs.ReadAsync(id, stop);

    public async Task<QueueLook> QueueAsync()
    {
        var queue = await grains.LookAsync();
        return queue is null ? new(0, 0, false) : new(queue.Waiting, queue.Painters, queue.IsPaused);
    }

    /// <exception cref="RefusedException">That is for admins.</exception>
    public async Task PauseAsync(bool isPaused)
    {
        await RefuseOthersAsync("the queue is everybody's; a key of the role admin pauses it.");
        await Telling.TryAsync(() => grains.GetGrain<IDispatcher>(0).Pause(isPaused));
    }

    public async Task<bool> IsAdminAsync() => await keys.OfOwnerAsync(owner, CancellationToken.None) is null or { Role: KeyRole.Admin };

    public async Task<IReadOnlyList<KeyLook>> KeysAsync(CancellationToken stop)
    {
        await RefuseOthersAsync(ForAdmins);
        return [.. (await keys.ListAsync(stop)).Select(row => new KeyLook(
            row.Name, row.Role == KeyRole.Admin, row.Revoked is not null, DateTimeOffset.FromUnixTimeMilliseconds(row.Created)))];
    }

    public async Task<string> AddKeyAsync(string name, bool isForAdmin, CancellationToken stop)
    {
        await RefuseOthersAsync(ForAdmins);
        var key = await keys.AddAsync(new() { Action = KeyAction.Add, Name = name, Role = isForAdmin ? KeyRole.Admin : KeyRole.User }, stop);
        return key.Write();
    }

    public async Task RevokeKeyAsync(string name, CancellationToken stop)
    {
        await RefuseOthersAsync(ForAdmins);
        await keys.RevokeAsync(name, stop);
    }

    // Whose jobs in the queue this one looks after; null for everybody's.
    private async Task<string?> ChargeAsync() => await IsAdminAsync() ? null : owner;

    private async Task<IReadOnlyList<StudioJob>> ListAsync(string? whose, JobState? state, Page page, CancellationToken stop) =>
        [.. (await views.OfAsync(await pictures.JobsAsync(whose, state, page, stop), stop)).Select(Of)];

    // Whoever has no key of his own sits at this machine, where there is none yet.
    private async Task RefuseOthersAsync(string problem)
    {
        if (!await IsAdminAsync())
        {
            throw new RefusedException(StatusCodes.Status403Forbidden, "", problem);
        }
    }

    private async Task<StudioJob> ViewAsync(JobRow job, CancellationToken stop) => Of(await views.OfAsync(job, stop));

    private static CastMember Of(CastRow row, IEnumerable<LearnedRow> learned) => new(
        row.Id, row.Name, row.Phrase, row.PictureIds, [.. learned.Select(item => new LearnedLook(item.Id, item.Method, item.Model, item.Words))]);

    private static StoredPicture Of(BlobRow blob) => new(blob.Id, blob.Width, blob.Height);

    private static PaintedPicture Of(PictureView picture) =>
        new(picture.Id, picture.Job, picture.Number, picture.Seed, picture.Width, picture.Height, picture.Created);

    private static StudioJob Of(JobView job) => new(
        job.Id, job.Owner, job.Kind, ServiceDb.NameOf(job.State), job.Place,
        job.Progress is { } progress ? new(progress.Picture, progress.Step, progress.Steps) : default,
        job.Created, job.Started, job.Ended,
        job.Kind == JobRow.Paint ? RequestJson.Parse(job.Request.GetRawText(), "") : null,
        [.. job.Pictures.Select(Of)],
        job.Error is { } error ? new(error.Field, error.Detail) : null,
        job.Priority, job.Kept, job.Cast);
}
