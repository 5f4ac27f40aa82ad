using System.Text;
using Dramatis.Pictures;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>What of a picture its owner may change.</summary>
internal sealed record PicturePatch(bool Kept);

/// <summary>Requests in, pictures out.</summary>
internal static class PicturesApi
{
    private const int LongestWait = 600;
    private const int LongestKey = 200;

    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/pictures", SubmitAsync).WithName("paint").WithSummary("Paints a request: an order file as JSON, or a form with it and its pictures.")
            .Produces<JobView>(StatusCodes.Status202Accepted).Produces<JobView>().ProducesProblem(422).ProducesProblem(429).DisableAntiforgery();
        routes.MapGet("/v1/pictures", ListAsync).WithName("pictures").WithSummary("All pictures, newest first.");
        routes.MapPatch("/v1/pictures/{id}", async (HttpContext context, PictureStore pictures, string id, PicturePatch patch) =>
            await pictures.KeepAsync(context.Owner(), id, patch.Kept, context.RequestAborted)
                ? TypedResults.Ok(JobViews.Of((await pictures.FindAsync(context.Owner(), id, context.RequestAborted))!))
                : throw RefusedException.NotFound("picture", id))
            .WithName("keep").WithSummary("Keeps a picture, and its job with it, from being cleared away; or no longer.");
        routes.MapGet("/v1/pictures/{id}", ReadAsync).WithName("picture").WithSummary("A picture: PNG with its record, or another format or size.");
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context, RequestIntake intake, JobDesk desk, JobFollower follower, JobViews views, int? priority, double? wait)
    {
        var stop = context.RequestAborted;
        var (json, parts) = await RequestBody.ReadAsync(context.Request, stop);
        var taken = await intake.TakeAsync(json, parts, context.Owner(), stop);
        var job = await desk.SubmitAsync(taken, context.Owner(), priority ?? 0, stop, KeyOf(context.Request));
        if (wait is { } seconds)
        {
            job = await follower.EndOfAsync(job, TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestWait)), stop);
        }

        var view = await views.OfAsync(job, stop);
        return JobFollower.IsEnd(job.State) ? TypedResults.Ok(view) : TypedResults.Accepted($"/v1/jobs/{job.Id}", view);
    }

    /// <summary>What the client calls its request, or null.</summary>
    internal static string? KeyOf(HttpRequest request) => request.Headers["Idempotency-Key"].ToString() switch
    {
        "" => null,
        { Length: <= LongestKey } key => key,
        var key => throw new RefusedException(
            StatusCodes.Status422UnprocessableEntity, "Idempotency-Key", $"has {key.Length} characters, more than {LongestKey}; shorten it."),
    };

    private static async Task<PageView<PictureView>> ListAsync(HttpContext context, PictureStore pictures, string? cursor, int? limit)
    {
        var page = Paging.Of(cursor, limit);
        return Paging.View([.. (await pictures.PicturesAsync(context.Owner(), page, context.RequestAborted)).Select(JobViews.Of)], page, view => view.Id);
    }

    private static async Task<IResult> ReadAsync(HttpContext context, PictureStore pictures, BlobStore blobs, string id, string? format, int? width)
    {
        var picture = await pictures.FindAsync(context.Owner(), id, context.RequestAborted) ?? throw RefusedException.NotFound("picture", id);
        return BlobAnswers.Of(await blobs.ReadAsync(picture.Blob, context.RequestAborted), picture.Blob, Choices.Find<PictureFormat>(format, "format"), width);
    }
}

/// <summary>What a request over HTTP holds: JSON, and pictures beside it.</summary>
internal static class RequestBody
{
    private const string JsonPart = "request";

    public static bool IsMultipart(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    public static async Task<(string Json, IReadOnlyDictionary<string, byte[]> Parts)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsMultipart(request))    // curl says of JSON that it is a form, of the other kind
        {
            using var reader = new StreamReader(request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
            try
            {
                return (await reader.ReadToEndAsync(cancellationToken), new Dictionary<string, byte[]>());
            }
            catch (DecoderFallbackException e)
            {
                throw new RefusedException(StatusCodes.Status400BadRequest, "request", $"is not UTF-8 (byte {e.Index}).");
            }
        }

        var form = await request.ReadFormAsync(cancellationToken);
        var parts = new Dictionary<string, byte[]>();
        foreach (var file in form.Files.Where(file => file.Name != JsonPart))
        {
            parts[file.Name] = await file.ReadAsync(cancellationToken);
        }

        var json = form.Files[JsonPart] is { } order ? Encoding.UTF8.GetString(await order.ReadAsync(cancellationToken)) : form[JsonPart].ToString();
        return json.Length > 0 ? (json, parts) : throw new RefusedException(StatusCodes.Status400BadRequest, JsonPart, "is missing: the part with the JSON.");
    }

    public static async Task<byte[]> ReadAsync(this IFormFile file, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream((int)file.Length);
        await file.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}
