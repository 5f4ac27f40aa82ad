using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dramatis.Server.Api.OpenAi;

/// <summary>OpenAI's Images API, as its own clients speak it.</summary>
internal static class OpenAiApi
{
    private const double Variation = .7;    // of noise

    public static void MapOpenAi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1/images").AddEndpointFilter<OpenAiErrors>();
        api.MapPost("/generations", async (HttpContext context, OpenAiAnswers answers) =>
        {
            var order = ImageOrder.Read(ParseBody((await RequestBody.ReadAsync(context.Request, context.RequestAborted)).Json));
            await answers.AnswerAsync(context, order, "image_generation");
        }).WithName("generations").WithSummary("OpenAI: pictures from a prompt; `subjects` and all else of our requests may stand beside it.").DisableAntiforgery();
        api.MapPost("/edits", async (HttpContext context, OpenAiAnswers answers) =>
        {
            var body = await ImageEdit.ReadAsync(context.Request, context.RequestAborted);
            var order = ImageOrder.Read(body.Order);
            await answers.AnswerAsync(context, order with { Request = ImageEdit.Apply(order.Request, body) }, "image_edit");
        }).WithName("edits").WithSummary("OpenAI: one picture is painted over, several are the cast of a new one.").DisableAntiforgery();
        api.MapPost("/variations", async (HttpContext context, OpenAiAnswers answers) =>
        {
            var body = await ImageEdit.ReadAsync(context.Request, context.RequestAborted);
            body.Order["prompt"] ??= "a picture";
            var order = ImageOrder.Read(body.Order);
            await answers.AnswerAsync(context, order with { Request = order.Request with { Image = body.Images[0], Denoise = Variation } }, "image_generation");
        }).WithName("variations").WithSummary("OpenAI: a picture painted over without a prompt.").DisableAntiforgery();
    }

    /// <exception cref="RefusedException">It is no JSON object.</exception>
    public static JsonObject ParseBody(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw new RefusedException(StatusCodes.Status400BadRequest, "request", "is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "request", $"is not valid JSON: {e.Message}");
        }
    }
}
