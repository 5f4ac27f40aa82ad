using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api.OpenAi;

/// <summary>Pictures as OpenAI's clients take them: all at once, or as events while they are painted.</summary>
internal sealed class OpenAiAnswers(Errands errands, JobFollower follower, JobStore jobs, TimeProvider time)
{
    private static readonly object NoUsage = new
    {
        input_tokens = 0,
        output_tokens = 0,
        total_tokens = 0,
        input_tokens_details = new { image_tokens = 0, text_tokens = 0 },
    };

    /// <param name="kind">What its events are called: <c>image_generation</c>, <c>image_edit</c>.</param>
    public async Task AnswerAsync(HttpContext context, ImageOrder order, string kind)
    {
        if (order.IsStream)
        {
            await StreamAsync(context, order, kind);
            return;
        }

        var (_, pictures) = await errands.RunAsync(order.Request, context.Owner(), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new
            {
                created = time.GetUtcNow().ToUnixTimeSeconds(),
                data = pictures.Select(picture => order.IsUrl
                    ? new ImageView(UrlOf(context.Request, picture.Row, order.Format), null)
                    : new ImageView(null, Base64(picture.Png, order))),
                output_format = NameOf(order.Format),
                size = SizeOf(pictures[0].Row),
                usage = NoUsage,
            },
            context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context, ImageOrder order, string kind)
    {
        var stop = context.RequestAborted;
        var job = await errands.BeginAsync(order.Request, context.Owner(), stop);
        context.Response.ContentType = "text/event-stream";
        try
        {
            var sent = 0;
            await foreach (var item in follower.FollowAsync(job.Id, 0, stop))
            {
                if (item.Kind == JobEvent.Preview && sent < order.Partials)
                {
                    await SendAsync(context, $"{kind}.partial_image", Partial(item, order, $"{kind}.partial_image", sent++));
                }
            }

            foreach (var (row, png) in await errands.ResultAsync((await jobs.FindAsync(job.Id, stop))!, stop))
            {
                await SendAsync(context, $"{kind}.completed", Completed(row, png, order, $"{kind}.completed"));
            }

            await context.Response.WriteAsync("data: [DONE]\n\n", stop);
        }
        catch (OperationCanceledException)
        {
            await errands.CancelAsync(job);
            throw;
        }
        catch (RefusedException e)
        {
            await SendAsync(context, "error", new { type = "error", error = OpenAiError.Of(new(e.Status, e.Field, e.Message)) });    // the answer has begun
        }
    }

    private object Partial(EventRow item, ImageOrder order, string type, int index)
    {
        var png = JsonDocument.Parse(item.Data).RootElement.GetProperty("png").GetBytesFromBase64();
        var size = PictureReader.SizeOf(png, "preview");
        return new
        {
            type,
            b64_json = Base64(png, order),
            partial_image_index = index,
            created_at = time.GetUtcNow().ToUnixTimeSeconds(),
            size = $"{size.Width}x{size.Height}",
            quality = "auto",
            background = "opaque",
            output_format = NameOf(order.Format),
        };
    }

    private object Completed(PictureRow row, byte[] png, ImageOrder order, string type) => new
    {
        type,
        b64_json = Base64(png, order),
        created_at = time.GetUtcNow().ToUnixTimeSeconds(),
        size = SizeOf(row),
        quality = "auto",
        background = "opaque",
        output_format = NameOf(order.Format),
        usage = NoUsage,
    };

    private static async Task SendAsync(HttpContext context, string name, object data)
    {
        await context.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static string Base64(byte[] png, ImageOrder order) =>
        Convert.ToBase64String(order.Format == PictureFormat.Png ? png : BlobAnswers.Convert(png, order.Format, order.Quality));

    private static string UrlOf(HttpRequest request, PictureRow row, PictureFormat format) =>
        $"{request.Scheme}://{request.Host}/v1/pictures/{row.Id}?format={NameOf(format)}";

    private static string SizeOf(PictureRow row) => $"{row.Width}x{row.Height}";

    private static string NameOf(PictureFormat format) => format.ToString().ToLowerInvariant();

    private sealed record ImageView(string? Url, string? B64Json);
}
