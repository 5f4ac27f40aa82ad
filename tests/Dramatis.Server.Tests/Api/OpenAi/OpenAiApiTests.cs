using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Dramatis.Pictures;

namespace Dramatis.Server.Tests.Api.OpenAi;

/// <summary>What no client for .NET asks for.</summary>
[Collection(Rehearsing.Name)]
public sealed class OpenAiApiTests(RehearsingService rehearsing)
{
    private readonly RunningService service = rehearsing.Service;

    [Fact]
    public async Task A_stream_ends_with_the_pictures()
    {
        var events = await StreamAsync("/v1/images/generations", """{ "prompt": "a dog", "n": 2, "stream": true, "partial_images": 1, "size": "64x64" }""");

        Assert.Equal(["image_generation.completed", "image_generation.completed", "message"], events.Select(item => item.EventType));
        Assert.Equal("[DONE]", events[^1].Data);
        var done = JsonSerializer.Deserialize<JsonElement>(events[0].Data);
        Assert.Equal(("image_generation.completed", "8x8", "png"), (done.Text("type"), done.Text("size"), done.Text("output_format")));
        Assert.Equal(8, PictureReader.Read(done.GetProperty("b64_json").GetBytesFromBase64(), "image").Width);
    }

    [Theory]
    [InlineData("a {dog} and a {cat}", 2, 1)]
    [InlineData("two animals", 1, 2)]
    public async Task Several_pictures_are_the_cast(string prompt, int subjects, int references)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(prompt), "prompt" }, { new StringContent("1"), "n" }, { Image(1), "image[]", "a.png" }, { Image(2), "image[]", "b.png" },
        };

        var (status, answer) = await service.PostAsync("/v1/images/edits", form);
        var cast = (await service.GetAsync("/v1/jobs?limit=1")).List("items")[0].GetProperty("request").List("subjects");

        Assert.True(status == 200, $"{answer}");
        Assert.Equal((subjects, references), (cast.Count, cast[0].List("references").Count));
    }

    [Fact]
    public async Task Subjects_of_our_own_requests_stand_beside_what_OpenAI_knows()
    {
        var (status, answer) = await service.PostAsync("/v1/images/generations", new
        {
            prompt = "a {dog}",
            quality = "high",
            user = "me",
            seed = 7,
            steps = 2,
            subjects = new[] { new { phrase = "dog", references = new[] { $"data:image/png;base64,{Convert.ToBase64String(Png(3))}" } } },
        });
        var request = (await service.GetAsync("/v1/jobs?limit=1")).List("items")[0].GetProperty("request");

        Assert.True(status == 200, $"{answer}");
        Assert.Equal((7, 2, "dog"), (request.Number("seed"), request.Number("steps"), request.List("subjects")[0].Text("phrase")));
    }

    [Fact]
    public async Task Pictures_of_an_edit_may_lie_in_JSON_or_be_uploads()
    {
        using var upload = new ByteArrayContent(Png(4));
        var blob = (await service.PostAsync("/v1/blobs", upload)).Body.Text("id");

        var (status, answer) = await service.PostAsync("/v1/images/edits", new
        {
            prompt = "a {dog} and a {cat}",
            images = new object[] { new { file_id = blob }, new { image_url = $"data:image/png;base64,{Convert.ToBase64String(Png(5))}" } },
        });

        Assert.True(status == 200, $"{answer}");
    }

    [Theory]
    [InlineData("""{ "prompt": "x", "n": 11 }""", "n")]
    [InlineData("""{ "prompt": "x", "size": "big" }""", "size")]
    [InlineData("""{ "prompt": "x", "size": 7 }""", "size")]
    [InlineData("""{ "prompt": "x", "response_format": "gif" }""", "response_format")]
    [InlineData("""{ "prompt": "x", "output_format": "gif" }""", "output_format")]
    [InlineData("""{ "prompt": "x", "partial_images": 4 }""", "partial_images")]
    [InlineData("""{ "prompt": "x", "sice": "1x1" }""", "sice")]
    [InlineData("""{ "prompt": "x", "model": "dall-e-9" }""", "model")]
    [InlineData("""{ "n": 1 }""", "prompt")]
    public async Task Errors_have_OpenAI_s_form_and_name_the_field(string json, string field)
    {
        using var body = new StringContent(json, MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await service.Http.PostAsync(new Uri("/v1/images/generations", UriKind.Relative), body, TestContext.Current.CancellationToken);
        var error = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error");

        Assert.Equal((422, field, "invalid_request_error"), ((int)answer.StatusCode, error.Text("param"), error.Text("type")));
        Assert.NotEmpty(answer.Headers.GetValues("x-request-id"));
    }

    [Theory]
    [InlineData("http://127.0.0.1/secret.png")]
    [InlineData("file:///etc/passwd")]
    public async Task Nothing_is_fetched(string url)
    {
        var (status, answer) = await service.PostAsync("/v1/images/edits", new { prompt = "x", images = new[] { new { image_url = url } } });

        Assert.Equal((422, "images[0]"), (status, answer.GetProperty("error").Text("param")));
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_job_with_it()
    {
        using var leaving = new CancellationTokenSource();
        var asking = service.SendUntilAsync(HttpMethod.Post, "/v1/images/generations", new { prompt = "left alone", steps = 1000, size = "64x64" }, leaving.Token);
        var job = await service.RunningAsync("left alone");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        Assert.Equal("cancelled", (await service.UntilAsync(job, "cancelled")).Text("state"));
    }

    private async Task<List<SseItem<string>>> StreamAsync(string path, string json)
    {
        using var body = new StringContent(json, MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await service.Http.PostAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return await SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    private static byte[] Png(byte value) => PictureWriter.EncodePng(Picture.Filled(16, 16, new(value, value, value)));

    private static ByteArrayContent Image(byte value) => new(Png(value));
}
