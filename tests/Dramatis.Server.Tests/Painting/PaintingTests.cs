using System.Text.Json;
using Dramatis.Methods.TextualInversion;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Server.Host;
using Dramatis.TestKit;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Tests.Painting;

/// <summary>What comes out of the service is what the library paints.</summary>
public sealed class PaintingTests(PaintingService painting) : IClassFixture<PaintingService>
{
    private static readonly double[] Place = [.1, .2, .6, .9];

    private readonly RunningService service = painting.Service;

    [Fact]
    public async Task A_picture_is_to_the_bit_that_of_the_library()
    {
        var reference = await File.ReadAllBytesAsync(Samples.PathOf("dog"), TestContext.Current.CancellationToken);
        var job = await service.PaintAsync(new
        {
            prompt = "a {dog} on a beach",
            seed = 7,
            steps = 3,
            size = Sizes.Small,
            subjects = new[]
            {
                new { phrase = "dog", references = new[] { $"data:image/png;base64,{Convert.ToBase64String(reference)}" }, place = Place },
            },
        });
        using var generator = ImageGenerator.Open(ShippedModels.Embedded);
        var own = Assert.Single(await generator.PaintAsync(
            new()
            {
                Prompt = "a {dog} on a beach",
                Seed = 7,
                Steps = 3,
                Size = new(64, 64),
                Subjects = [new() { Phrase = "dog", References = [Reference.FromBytes(reference)], Place = new(.1, .2, .6, .9) }],
            },
            TestContext.Current.CancellationToken));

        var served = await service.Http.GetByteArrayAsync(job.List("pictures")[0].Text("url"), TestContext.Current.CancellationToken);

        Assert.Equal(PictureReader.Read(own.Png, "own").Rgba, PictureReader.Read(served, "served").Rgba);
    }

    [Fact]
    public async Task A_picture_carries_its_request_without_a_path()
    {
        var job = await service.PaintAsync(new { prompt = "a beach", steps = 1, size = Sizes.Small });
        var png = await service.Http.GetByteArrayAsync(job.List("pictures")[0].Text("url"), TestContext.Current.CancellationToken);

        var text = PngText.Read(png)["dramatis"];

        Assert.Equal("toybox", JsonSerializer.Deserialize<JsonElement>(text).GetProperty("request").Text("model"));
        Assert.DoesNotContain(service.Data, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loaded_file_is_named_in_the_record_as_in_the_request()
    {
        var file = Path.Combine(service.Data, "word.safetensors");
        using (TorchSharp.torch.NewDisposeScope())
        {
            EmbeddingFile.Write(file, [new(ModelNetwork.TextEncoder, "<word>", TorchSharp.torch.full(1, 192, 1f))]);
        }

        new ModelCatalog(ShippedModels.Embedded, Path.Combine(service.Data, "models")).Add("word", file, cancellationToken: TestContext.Current.CancellationToken);
        var job = await service.PaintAsync(new { prompt = "a <word>", steps = 1, size = Sizes.Small, seed = 3, loras = new[] { new { file = "word" } } });
        var png = await service.Http.GetByteArrayAsync(job.List("pictures")[0].Text("url"), TestContext.Current.CancellationToken);
        var text = PngText.Read(png)["dramatis"];
        var request = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("request");
        var again = await service.PaintAsync(request);

        Assert.Equal("word", request.List("loras")[0].Text("file"));
        Assert.DoesNotContain(service.Data, text, StringComparison.Ordinal);
        Assert.Equal(png, await service.Http.GetByteArrayAsync(again.List("pictures")[0].Text("url"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_photograph_is_cut_out_of_its_ground()
    {
        var ball = new { phrase = "ball", references = new[] { $"data:image/png;base64,{Convert.ToBase64String(PictureWriter.EncodePng(BusyPhotograph.Make(96, 96)))}" }, place = Place };
        var cut = await service.PaintAsync(new { prompt = "a {ball}", steps = 1, seed = 3, size = Sizes.Small, subjects = new[] { ball } });
        var whole = await service.PaintAsync(new { prompt = "a {ball}", steps = 1, seed = 3, size = Sizes.Small, cut_out = "none", subjects = new[] { ball } });
        var cropped = await service.PaintAsync(
            new { prompt = "a {ball}", steps = 1, seed = 3, size = Sizes.Small, cut_out = "crop", subjects = new[] { ball } });
        async Task<string> EventsAsync(JsonElement job) =>
            await service.Http.GetStringAsync($"/v1/jobs/{job.Text("id")}/events", TestContext.Current.CancellationToken);
        async Task<byte[]> PixelsAsync(JsonElement job) => PictureReader.Read(
            await service.Http.GetByteArrayAsync(job.List("pictures")[0].Text("url"), TestContext.Current.CancellationToken), "served").Rgba.ToArray();

        Assert.Contains("event: subject_cut_out\n", await EventsAsync(cut), StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"crop\"", await EventsAsync(cropped), StringComparison.Ordinal);
        Assert.DoesNotContain("event: subject_cut_out\n", await EventsAsync(whole), StringComparison.Ordinal);
        Assert.NotEqual(await PixelsAsync(whole), await PixelsAsync(cut));
    }

    [Fact]
    public async Task Figures_of_steps_and_pictures_come_from_the_painter()
    {
        await service.PaintAsync(new { prompt = "a beach", steps = 3, size = Sizes.Small });
        var text = "";
        for (var attempt = 0; attempt < 100 && !text.Contains("dramatis_pictures", StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            text = await service.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        }

        Assert.Matches(@"dramatis_step_duration_seconds_count\{[^}]*dramatis_model=""toybox""[^}]*\} \d", text);
        Assert.Matches(@"dramatis_pictures_total\{[^}]*dramatis_model=""toybox""[^}]*\} \d", text);
    }

    [Fact]
    public async Task Steps_and_a_preview_are_told_while_it_paints()
    {
        var job = await service.PaintAsync(new { prompt = "a beach", steps = 4, size = Sizes.Small });
        var events = await service.Http.GetStringAsync($"/v1/jobs/{job.Text("id")}/events", TestContext.Current.CancellationToken);

        Assert.Equal(4, events.Split("event: step\n").Length - 1);
        Assert.Contains("event: model_ready\n", events, StringComparison.Ordinal);
        Assert.DoesNotContain("event: preview\n", events, StringComparison.Ordinal);    // gone with the end
    }

    [Fact]
    public async Task OpenAI_s_stream_shows_what_it_looks_like_so_far()
    {
        using var body = new StringContent("""{ "prompt": "a beach", "steps": 12, "stream": true, "partial_images": 2, "size": "128x128" }""");
        using var answer = await service.Http.PostAsync(new Uri("/v1/images/generations", UriKind.Relative), body, TestContext.Current.CancellationToken);
        var events = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.InRange(events.Split("event: image_generation.partial_image\n").Length - 1, 1, 2);
        Assert.EndsWith("data: [DONE]\n\n", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_model_cannot_do_fails_the_job_and_names_the_field()
    {
        var job = await service.PaintAsync(new { prompt = string.Join(", ", Enumerable.Repeat("a beach", 7)), steps = 1, method = "fastcomposer", subjects = Enumerable.Repeat(Dog(), 7) });    // it has learned six

        Assert.Equal("failed", job.Text("state"));
        Assert.DoesNotContain(service.Data, job.GetProperty("error").Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("/models/", job.GetProperty("error").Text("detail"), StringComparison.Ordinal);
    }

    private static object Dog() => new { phrase = "beach", references = new[] { $"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(Samples.PathOf("dog")))}" } };
}
