using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Painting;

/// <summary>Trainings of the cast, with the embedded model.</summary>
public sealed class LearningTests(PaintingService painting) : IClassFixture<PaintingService>
{
    private static readonly string[] Views = ["dog", "panda", "tiger"];

    private readonly RunningService service = painting.Service;

    [Fact]
    public async Task A_subject_is_learned_shown_and_painted_with() => await LearnAndPaintAsync("lora", new { method = "lora", steps = 4, evaluate_every = 4, resolution = 64 });

    [Theory, Slow]
    [InlineData("textual-inversion")]
    [InlineData("custom-diffusion")]
    [InlineData("cones")]
    [InlineData("cones2")]
    [InlineData("dreambooth")]
    public async Task Every_method_learns_what_requests_use(string method)
    {
        object order = method is "textual-inversion" or "cones2"
            ? new { method, steps = 2, batch = 1, evaluate_every = 2, resolution = 64 }
            : new { method, steps = 2, batch = 1, evaluate_every = 2, resolution = 64, prior = 1 };
        await LearnAndPaintAsync(method, order);
    }

    [Fact, Slow]
    public async Task A_training_whose_painter_is_killed_goes_on_where_it_was()
    {
        await AddAsync("killed");
        var (_, job) = await service.PostAsync("/v1/cast/killed/learn", new { method = "lora", steps = 40_000, evaluate_every = 40_000, resolution = 64 });
        var checkpoint = Path.Combine(service.Data, "trainings", job.Text("id"), "checkpoint.safetensors");
        await service.UntilAsync(job, _ => File.Exists(checkpoint));
        RunningService.Kill(Assert.Single(service.Painters()));

        await service.UntilAsync(job, seen => seen.Text("state") == "running" && seen.Number("attempts") == 2);
        var started = await EventAsync(job, "training_started", 2);
        await service.PostAsync($"/v1/jobs/{job.Text("id")}/cancel");
        await service.UntilAsync(job, "cancelled");

        Assert.True(started.GetProperty("resumed").GetBoolean());
        Assert.InRange(started.Number("step"), 1, 39_999);
    }

    private async Task LearnAndPaintAsync(string name, object order)
    {
        await AddAsync(name);
        var (_, job) = await service.PostAsync($"/v1/cast/{name}/learn", order);
        var done = await service.UntilAsync(job, seen => seen.Text("state") is "done" or "failed");
        Assert.True(done.Text("state") == "done", done.ToString());
        var sheets = done.List("pictures");
        var sheet = await service.Http.GetByteArrayAsync(sheets[^1].Text("url"), TestContext.Current.CancellationToken);
        var prompt = $"a {{{name}}} on a beach";
        var subjects = new[] { new { cast = name } };

        var painted = await service.PaintAsync(new { prompt, subjects, seed = 7, steps = 2, size = Sizes.Small });
        var plain = await service.PaintAsync(new { prompt = painted.GetProperty("request").Text("prompt").Replace("{", "").Replace("}", ""), seed = 7, steps = 2, size = Sizes.Small });

        Assert.True(painted.Text("state") == "done", painted.ToString());
        Assert.True(PictureReader.Read(sheet, "sheet").Width > 64);
        Assert.DoesNotContain((await service.GetAsync("/v1/pictures")).List("items"), item => item.Text("job") == job.Text("id"));
        Assert.NotEqual(await PixelsAsync(plain), await PixelsAsync(painted));
        await AssertPaintsAgainAsync(painted);
    }

    // What a picture says of itself is a request that paints it, though it was made of something learned.
    private async Task AssertPaintsAgainAsync(JsonElement painted)
    {
        var png = await service.Http.GetByteArrayAsync(painted.List("pictures")[0].Text("url"), TestContext.Current.CancellationToken);
        var record = PngText.Read(png)["dramatis"];
        var again = await service.PaintAsync(JsonSerializer.Deserialize<JsonElement>(record).GetProperty("request"));

        Assert.DoesNotContain(service.Data, record, StringComparison.Ordinal);
        Assert.Equal(await PixelsAsync(painted), await PixelsAsync(again));
    }

    private async Task<byte[]> PixelsAsync(JsonElement job) => PictureReader.Read(
        await service.Http.GetByteArrayAsync(job.List("pictures")[0].Text("url"), TestContext.Current.CancellationToken), "picture").Rgba;

    private async Task<JsonElement> EventAsync(JsonElement job, string kind, int number)
    {
        using var stream = new StreamReader(await service.Http.GetStreamAsync($"/v1/jobs/{job.Text("id")}/events", TestContext.Current.CancellationToken));
        while (await stream.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line == $"event: {kind}" && --number == 0)
            {
                return JsonSerializer.Deserialize<JsonElement>((await stream.ReadLineAsync(TestContext.Current.CancellationToken))!["data: ".Length..]);
            }
        }

        throw new InvalidOperationException($"no {kind}: {service.Log}");
    }

    private async Task AddAsync(string name)
    {
        var pictures = Views.Select(view => $"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(Samples.PathOf(view)))}");
        var (status, answer) = await service.PostAsync("/v1/cast", new { name, phrase = "dog", pictures });
        Assert.True(status == 201, answer.ToString());
    }
}
