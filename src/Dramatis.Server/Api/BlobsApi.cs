using Dramatis.Pictures;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>An uploaded picture.</summary>
/// <param name="Id">What requests name it by.</param>
internal sealed record BlobView(string Id, int Width, int Height, long Bytes);

/// <summary>Pictures for requests, uploaded once and named by what they hold.</summary>
internal static class BlobsApi
{
    public static void MapBlobs(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/blobs", UploadAsync).WithName("upload").WithSummary("Uploads a PNG, JPEG or WebP: as the body, or as a form's file.")
            .Produces<BlobView>(StatusCodes.Status201Created).ProducesProblem(413).ProducesProblem(422).DisableAntiforgery();
        routes.MapGet("/v1/blobs/{id}", ReadAsync).WithName("blob").WithSummary("An uploaded picture, as it was understood.");
    }

    private static async Task<IResult> UploadAsync(HttpContext context, RequestIntake intake)
    {
        var blob = await intake.UploadAsync("picture", await ReadBodyAsync(context.Request, context.RequestAborted), context.Owner(), context.RequestAborted);
        return TypedResults.Created($"/v1/blobs/{blob.Id}", new BlobView(blob.Id, blob.Width, blob.Height, blob.Bytes));
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (RequestBody.IsMultipart(request))
        {
            var files = (await request.ReadFormAsync(cancellationToken)).Files;
            return files.Count == 1
                ? await files[0].ReadAsync(cancellationToken)
                : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "picture", $"the form has {files.Count} files; upload one.");
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static async Task<IResult> ReadAsync(HttpContext context, BlobStore blobs, string id, string? format, int? width)
    {
        var blob = await blobs.FindAsync(context.Owner(), id, context.RequestAborted) ?? throw RefusedException.NotFound("picture", id);
        return BlobAnswers.Of(await blobs.ReadAsync(blob.Id, context.RequestAborted), blob.Id, Choices.Find<PictureFormat>(format, "format"), width);
    }
}
