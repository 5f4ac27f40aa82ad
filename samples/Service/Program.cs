// Painting over HTTP, as docs/library.md shows it. Run it from the repository's root: dotnet run --project samples/Service
using System.Net.ServerSentEvents;
using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Pipelines;
using Dramatis.Requests;

// <services>
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDramatis(options => options.PreviewEvery = 5);
builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Explain);
// </services>

var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = error => error is DramatisException ? 400 : 500 });
app.UseStatusCodePages();    // bodies that are no JSON get a ProblemDetails too

// <routes>
app.MapPost("/pictures", async (JsonElement body, ImageGenerator generator, CancellationToken stop) =>
{
    var pictures = await generator.PaintAsync(RequestJson.Parse(body.GetRawText(), RequestFiles.None), stop);
    return TypedResults.File(pictures[0].Png, "image/png");
});

app.MapPost("/events", (JsonElement body, ImageGenerator generator, CancellationToken stop) =>
{
    var request = RequestJson.Parse(body.GetRawText(), RequestFiles.None);
    return TypedResults.ServerSentEvents(generator.GenerateAsync(request, stop).Select(item => new SseItem<object>(item, item.GetType().Name)));
});
// </routes>

app.Run();

static void Explain(ProblemDetailsContext context)
{
    if (context.Exception is InvalidRequestException error)
    {
        context.ProblemDetails.Detail = error.Message;
        context.ProblemDetails.Extensions["field"] = error.Field;
    }
}
