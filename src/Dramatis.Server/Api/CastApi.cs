using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>A saved subject.</summary>
/// <param name="Phrase">The words of prompts that mean it.</param>
/// <param name="Pictures">Blobs.</param>
/// <param name="Masks">Blobs: none, or one for each picture.</param>
/// <param name="Learned">What was learned of it, the newest first.</param>
internal sealed record CastView(
    string Id, string Name, string Phrase, IReadOnlyList<string> Pictures, IReadOnlyList<string> Masks, IReadOnlyList<LearnedView> Learned, DateTimeOffset Created);

/// <param name="Job">The training.</param>
/// <param name="Model">The base model that it goes with.</param>
/// <param name="Words">What prompts say of the subject.</param>
/// <param name="IsModel">Whether it is a model of its own.</param>
internal sealed record LearnedView(string Job, string Method, string Model, string Words, bool IsModel, DateTimeOffset Created);

/// <summary>The cast: saved subjects, and trainings of them.</summary>
internal static class CastApi
{
    public static void MapCast(this IEndpointRouteBuilder routes)
    {
        var cast = routes.MapGroup("/v1/cast");
        cast.MapGet("/", ListAsync).WithName("cast").WithSummary("The cast: saved subjects, newest first.");
        cast.MapPost("/", AddAsync).WithName("cast_add").WithSummary("Saves a subject: its name, the words that mean it, its pictures.")
            .Produces<CastView>(StatusCodes.Status201Created).ProducesProblem(409).ProducesProblem(422).DisableAntiforgery();
        cast.MapGet("/{id}", async (HttpContext context, CastDesk desk, CastStore store, string id) =>
            await ViewAsync(store, await desk.FindAsync(id, context.Owner(), context.RequestAborted), context.RequestAborted))
            .WithName("cast_one").WithSummary("One of them, by its id or its name.");
        cast.MapPatch("/{id}", ChangeAsync).WithName("cast_change").WithSummary("Changes name, words or pictures; what was learned stays.")
            .Produces<CastView>().ProducesProblem(409).ProducesProblem(422).DisableAntiforgery();
        cast.MapDelete("/{id}", async (HttpContext context, CastDesk desk, string id) =>
        {
            await desk.DeleteAsync(id, context.Owner(), context.RequestAborted);
            return TypedResults.NoContent();
        }).WithName("cast_delete").WithSummary("Forgets a subject, with what was learned of it.");
        cast.MapPost("/{id}/learn", LearnAsync).WithName("learn").WithSummary("Learns a subject from its pictures, as a job; the method says how.")
            .Produces<JobView>(StatusCodes.Status202Accepted).ProducesProblem(422).ProducesProblem(429);
    }

    private static async Task<PageView<CastView>> ListAsync(HttpContext context, CastStore store, string? cursor, int? limit)
    {
        var page = Paging.Of(cursor, limit);
        var rows = await store.ListAsync(context.Owner(), page, context.RequestAborted);
        var learned = await store.LearnedOfAsync([.. rows.Select(row => row.Id)], context.RequestAborted);
        return Paging.View([.. rows.Select(row => View(row, learned[row.Id]))], page, view => view.Id);
    }

    private static async Task<IResult> AddAsync(HttpContext context, CastDesk desk)
    {
        var (json, parts) = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var row = await desk.AddAsync(json, parts, context.Owner(), context.RequestAborted);
        return TypedResults.Created($"/v1/cast/{row.Id}", View(row, []));
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, CastDesk desk, CastStore store, string id)
    {
        var (json, parts) = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        return TypedResults.Ok(await ViewAsync(store, await desk.ChangeAsync(id, json, parts, context.Owner(), context.RequestAborted), context.RequestAborted));
    }

    private static async Task<IResult> LearnAsync(
        HttpContext context, CastDesk cast, LearnIntake intake, JobDesk desk, JobViews views, string id, int? priority)
    {
        var stop = context.RequestAborted;
        var subject = await cast.FindAsync(id, context.Owner(), stop);
        var request = intake.Take(subject, (await RequestBody.ReadAsync(context.Request, stop)).Json);
        var job = await desk.LearnAsync(subject, request, priority ?? 0, stop, PicturesApi.KeyOf(context.Request));
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", await views.OfAsync(job, stop));
    }

    private static async Task<CastView> ViewAsync(CastStore store, CastRow row, CancellationToken cancellationToken) =>
        View(row, (await store.LearnedOfAsync([row.Id], cancellationToken))[row.Id]);

    private static CastView View(CastRow row, IEnumerable<LearnedRow> learned) => new(
        row.Id, row.Name, row.Phrase, row.PictureIds, row.MaskIds,
        [.. learned.Select(item => new LearnedView(item.Job, item.Method, item.Model, item.Words, item.Phrase is null, Time(item.Created)))],
        Time(row.Created));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
