using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Dramatis.Server.Access;
using Dramatis.Server.Queue;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>What of a job its owner may change.</summary>
internal sealed record JobPatch(int? Priority, bool? Kept);

/// <summary>Jobs: lists, one, its events, and what can be done with it.</summary>
internal static class JobsApi
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/jobs");
        jobs.MapGet("/", ListAsync).WithName("jobs").WithSummary("Jobs, newest first; with all=true, for admins, everybody's.");
        jobs.MapGet("/{id}", async (HttpContext context, JobDesk desk, JobViews views, string id) =>
            await views.OfAsync(await desk.FindAsync(id, context.Charge(), context.RequestAborted), context.RequestAborted)).WithName("job").WithSummary("One job.");
        jobs.MapGet("/{id}/events", EventsAsync).WithName("events").WithSummary("What happens to a job, as server-sent events; goes on after Last-Event-ID.");
        jobs.MapPost("/{id}/cancel", async (HttpContext context, JobDesk desk, JobViews views, string id) =>
            await views.OfAsync(await desk.CancelAsync(id, context.Charge(), context.RequestAborted), context.RequestAborted))
            .WithName("cancel").WithSummary("Stops a job; its state says when it has stopped.");
        jobs.MapPost("/{id}/retry", async (HttpContext context, JobDesk desk, JobViews views, string id) =>
            await views.OfAsync(await desk.RetryAsync(id, context.Owner(), context.RequestAborted), context.RequestAborted))
            .WithName("retry").WithSummary("Queues a job again that failed or was cancelled.");
        jobs.MapPatch("/{id}", async (HttpContext context, JobDesk desk, JobViews views, string id, JobPatch patch) =>
            await views.OfAsync(
                await desk.AmendAsync(id, context.Charge(), patch.Priority, patch.Kept, context.RequestAborted), context.RequestAborted))
            .WithName("amend").WithSummary("Changes the priority of a job that waits, or keeps a job from being cleared away.");
        jobs.MapDelete("/{id}", async (HttpContext context, JobDesk desk, string id) =>
        {
            await desk.DeleteAsync(id, context.Owner(), context.RequestAborted);
            return TypedResults.NoContent();
        }).WithName("delete").WithSummary("Removes a job that has ended, with its pictures.");
        routes.MapGet("/v1/queue", (IGrainFactory grains) => grains.GetGrain<IDispatcher>(0).Look()).WithName("queue").WithSummary("How many wait, and for how many painters.");
        routes.MapPost("/v1/queue/pause", (IGrainFactory grains) => PauseAsync(grains, true)).WithName("pause").WithSummary("Begins no more jobs; for admins.")
            .RequireAuthorization(AccessRules.Admins);
        routes.MapPost("/v1/queue/resume", (IGrainFactory grains) => PauseAsync(grains, false)).WithName("resume").WithSummary("Begins jobs again; for admins.")
            .RequireAuthorization(AccessRules.Admins);
    }

    private static async Task<PageView<JobView>> ListAsync(
        HttpContext context, PictureStore pictures, JobViews views, string? state, string? cursor, int? limit, bool? all)
    {
        var page = Paging.Of(cursor, limit);
        var owner = all is not true ? context.Owner() : context.Charge() is null ? null
            : throw new RefusedException(StatusCodes.Status403Forbidden, "all", "is for keys of the role admin.");
        var rows = await pictures.JobsAsync(owner, Choices.Find<JobState>(state, "state"), page, context.RequestAborted);
        return Paging.View(await views.OfAsync(rows, context.RequestAborted), page, view => view.Id);
    }

    private static async Task<IResult> EventsAsync(
        HttpContext context, JobDesk desk, JobFollower follower, IHostApplicationLifetime lifetime, string id)
    {
        await desk.FindAsync(id, context.Owner(), context.RequestAborted);
        var after = int.TryParse(context.Request.Headers["Last-Event-ID"], CultureInfo.InvariantCulture, out var number) ? number : 0;
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(Items(follower, id, after, context.RequestAborted, lifetime.ApplicationStopping));
    }

    private static async IAsyncEnumerable<SseItem<string>> Items(
        JobFollower follower, string job, int after, CancellationToken gone, CancellationToken closing, [EnumeratorCancellation] CancellationToken stop = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, closing, stop);
        await using var events = follower.FollowAsync(job, after, either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync())
        {
            yield return new(events.Current.Data, events.Current.Kind) { EventId = events.Current.Number.ToString(CultureInfo.InvariantCulture) };
        }

        // The client comes again, to this service or to the next.
        async Task<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private static async Task<QueueState> PauseAsync(IGrainFactory grains, bool paused)
    {
        await grains.GetGrain<IDispatcher>(0).Pause(paused);
        return await grains.GetGrain<IDispatcher>(0).Look();
    }
}
