using System.Globalization;
using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.Schedules;
using Dramatis.Server.Storage;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Api.A1111;

/// <summary>A picture whose texts are asked for.</summary>
internal sealed record PngInfoOrder(string Image);

/// <summary>AUTOMATIC1111's API, as far as its clients use it.</summary>
internal static class A1111Api
{
    public static void MapA1111(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/sdapi/v1");
        api.MapPost("/txt2img", (HttpContext context, Errands errands, A1111Order order) => PaintAsync(context, errands, order, isImage: false))
            .WithName("txt2img").WithSummary("AUTOMATIC1111: pictures from a prompt.");
        api.MapPost("/img2img", (HttpContext context, Errands errands, A1111Order order) => PaintAsync(context, errands, order, isImage: true))
            .WithName("img2img").WithSummary("AUTOMATIC1111: a picture painted over, or inside a mask.");
        api.MapGet("/progress", ProgressAsync).WithName("progress").WithSummary("AUTOMATIC1111: how far the running job is, with its preview.");
        api.MapPost("/interrupt", InterruptAsync).WithName("interrupt").WithSummary("AUTOMATIC1111: stops what runs.");
        api.MapPost("/png-info", (PngInfoOrder order) => Info(order)).WithName("pngInfo").WithSummary("AUTOMATIC1111: what a PNG says about itself.");
        api.MapGet("/samplers", () => A1111Samplers.Names.Select(name => new { name, aliases = Array.Empty<string>(), options = new { } }))
            .WithName("a1111Samplers").WithSummary("AUTOMATIC1111: samplers.");
        api.MapGet("/schedulers", () => ScheduleNames.All.Prepend("automatic").Select(name => new { name, label = Title(name) }))
            .WithName("schedulers").WithSummary("AUTOMATIC1111: schedules of noise.");
        api.MapGet("/sd-models", (ModelCatalog catalog) => catalog.Entries.Where(entry => entry.Contents.IsBaseModel).Select(entry => new
        {
            title = entry.Name,
            model_name = entry.Name,
            hash = entry.Digest?.Sha256[..10],
            sha256 = entry.Digest?.Sha256,
            filename = entry.Name,
        })).WithName("sdModels").WithSummary("AUTOMATIC1111: models.");
        api.MapGet("/loras", (ModelCatalog catalog) => catalog.Entries.Where(entry => entry.Contents.Kind.Contains("LoRA", StringComparison.OrdinalIgnoreCase))
            .Select(entry => new { name = entry.Name, alias = entry.Name, path = entry.Name, metadata = new { } }))
            .WithName("loras").WithSummary("AUTOMATIC1111: LoRAs.");
        api.MapGet("/options", () => new { sd_model_checkpoint = ModelCatalog.Embedded, samples_format = "png" })
            .WithName("options").WithSummary("AUTOMATIC1111: options.");
        api.MapPost("/options", (JsonElement options) => options.ValueKind == JsonValueKind.Object
            ? TypedResults.Ok(new { })
            : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "options", "is no object."))
            .WithName("setOptions").WithSummary("AUTOMATIC1111: takes options and keeps none; a request says its model in override_settings.");
    }

    private static async Task<object> PaintAsync(HttpContext context, Errands errands, A1111Order order, bool isImage)
    {
        var (job, pictures) = await errands.RunAsync(order.ToRequest(isImage), context.Owner(), context.RequestAborted);
        var seeds = pictures.Select(picture => ulong.Parse(picture.Row.Seed, CultureInfo.InvariantCulture)).ToList();
        var texts = pictures.Select(picture => PngText.Read(picture.Png).GetValueOrDefault("parameters", "")).ToList();
        return new
        {
            images = pictures.Select(picture => Convert.ToBase64String(picture.Png)),
            parameters = JsonSerializer.Deserialize<JsonElement>(job.Request),
            info = JsonSerializer.Serialize(new
            {
                prompt = order.Prompt,
                negative_prompt = order.NegativePrompt ?? "",
                seed = seeds[0],
                all_seeds = seeds,
                infotexts = texts,
                width = pictures[0].Row.Width,
                height = pictures[0].Row.Height,
                steps = order.Steps,
                cfg_scale = order.CfgScale,
                sampler_name = order.SamplerName,
            }),
        };
    }

    private static async Task<object> ProgressAsync(HttpContext context, PictureStore pictures, JobStore jobs)
    {
        var stop = context.RequestAborted;
        var job = (await pictures.JobsAsync(context.Owner(), JobState.Running, new(null, 1), stop)).FirstOrDefault();
        var preview = job is null ? null : (await jobs.EventsAsync(job.Id, 0, stop)).FindLast(item => item.Kind == JobEvent.Preview);
        return new
        {
            progress = job is not { Steps: > 0 } ? 0 : (double)job.Step / job.Steps,
            eta_relative = 0.0,
            state = new
            {
                skipped = false,
                interrupted = job?.IsStopping ?? false,
                job = job?.Id ?? "",
                job_count = job is null ? 0 : 1,
                job_no = job?.Picture ?? 0,
                sampling_step = job?.Step ?? 0,
                sampling_steps = job?.Steps ?? 0,
            },
            current_image = preview is null ? null : JsonDocument.Parse(preview.Data).RootElement.GetProperty("png").GetString(),
        };
    }

    private static async Task<object> InterruptAsync(HttpContext context, PictureStore pictures, Errands errands)
    {
        foreach (var job in await pictures.JobsAsync(context.Owner(), JobState.Running, new(null, 100), context.RequestAborted))
        {
            await errands.CancelAsync(job);
        }

        return new { };
    }

    private static object Info(PngInfoOrder order)
    {
        var texts = PngText.Read(A1111Order.Read(order.Image, "image").Bytes!);
        return new { info = texts.GetValueOrDefault("parameters", ""), items = texts, parameters = new { } };
    }

    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
