using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dramatis.Pictures;

namespace Dramatis.Server.Tests.Api;

[Collection(Rehearsing.Name)]
public sealed class PicturesApiTests(RehearsingService rehearsing)
{
    private readonly RunningService service = rehearsing.Service;

    [Fact]
    public async Task A_request_becomes_a_job_at_once()
    {
        using var answer = await service.Http.PostAsync(new Uri("/v1/pictures", UriKind.Relative), Json("""{ "prompt": "a dog" }"""), Stop);
        var job = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Stop));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal($"/v1/jobs/{job.Text("id")}", answer.Headers.Location!.OriginalString);
        Assert.Equal("done", (await service.UntilAsync(job, "done")).Text("state"));
    }

    [Fact]
    public async Task Whoever_waits_gets_the_pictures()
    {
        var job = await service.PaintAsync(new { prompt = "three dogs", count = 3, seed = 18446744073709551613 });

        Assert.Equal("done", job.Text("state"));
        Assert.Equal([18446744073709551613, 18446744073709551614, 18446744073709551615], job.List("pictures").Select(item => item.GetProperty("seed").GetUInt64()));
        var png = await service.Http.GetByteArrayAsync(job.List("pictures")[1].Text("url"), Stop);
        Assert.Equal(new(8, 8), PictureReader.Read(png, "picture").Size);
    }

    [Fact]
    public async Task Whoever_does_not_wait_long_enough_gets_the_job() =>
        Assert.Equal((202, false), await Answer(new { prompt = "slow", steps = 100, size = Sizes.Small }, "?wait=0.05"));

    [Fact]
    public async Task The_request_is_stored_complete_and_may_be_sent_again()
    {
        var reference = Picture(new(9, 9, 9));
        var job = await service.PaintAsync(new { prompt = "a {dog}", subjects = new[] { new { phrase = "dog", references = new[] { DataUrl(reference) } } } });
        var again = await service.PaintAsync(job.GetProperty("request"));

        Assert.Equal("toybox", job.GetProperty("request").Text("model"));
        Assert.Equal(job.GetProperty("request").ToString(), again.GetProperty("request").ToString());
        var blob = job.GetProperty("request").List("subjects")[0].List("references")[0].GetString()!;
        Assert.Equal(reference, await service.Http.GetByteArrayAsync($"/v1/blobs/{blob}", Stop));
    }

    [Fact]
    public async Task Pictures_may_come_as_parts_of_a_form()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{ "prompt": "a {dog}", "subjects": [{ "phrase": "dog", "references": ["one", "two"] }] }"""), "request" },
            { new ByteArrayContent(Picture(new(1, 2, 3))), "one", "a.png" },
            { new ByteArrayContent(Picture(new(4, 5, 6))), "two", "b.png" },
        };
        var (status, job) = await service.PostAsync("/v1/pictures?wait=60", form);

        Assert.Equal((200, "done"), (status, job.Text("state")));
        Assert.Equal(2, job.GetProperty("request").List("subjects")[0].List("references").Select(id => id.GetString()).Distinct().Count());
    }

    [Theory]
    [InlineData("nonsense", 400, "request")]
    [InlineData("""{ "prompt": "x", "stepz": 3 }""", 422, "stepz")]
    [InlineData("""{ "prompt": "x", "steps": 0 }""", 422, "steps")]
    [InlineData("""{ "prompt": "x", "steps": "many" }""", 422, "steps")]
    [InlineData("""{ "prompt": "" }""", 422, "prompt")]
    [InlineData("""{ "prompt": "x", "model": "../toybox" }""", 422, "model")]
    [InlineData("""{ "prompt": "x", "model": "/etc" }""", 422, "model")]
    [InlineData("""{ "prompt": "x", "image": "/etc/passwd" }""", 422, "image")]
    [InlineData("""{ "prompt": "x", "image": "data:image/png;base64,AAAA" }""", 422, "image")]
    [InlineData("""{ "prompt": "x", "loras": [{ "file": "/etc/passwd" }] }""", 422, "loras[0].file")]
    [InlineData("""{ "prompt": "x", "layout": { "file": "/etc/passwd" } }""", 422, "layout.file")]
    [InlineData("""{ "prompt": "x", "subjects": [{ "phrase": "x", "learned": "/etc/passwd" }] }""", 422, "subjects[0].learned")]
    [InlineData("""{ "prompt": "x", "subjects": [{ "phrase": "x", "references": ["0123"] }] }""", 422, "subjects[0].references[0]")]
    [InlineData("""{ "prompt": "x", "size": [1024, 1024], "steps": 200 }""", 422, "size")]
    [InlineData("""{ "prompt": "x", "steps": 999, "count": 64 }""", 422, "steps")]
    public async Task What_is_wrong_is_a_problem_that_names_the_field(string json, int status, string field)
    {
        using var answer = await service.Http.PostAsync(new Uri("/v1/pictures", UriKind.Relative), Json(json), Stop);
        var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Stop));

        Assert.Equal((status, field, "application/problem+json"), ((int)answer.StatusCode, problem.Text("field"), answer.Content.Headers.ContentType!.MediaType));
        Assert.StartsWith(field, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_told_with_the_value_that_is_over_it()
    {
        var (status, problem) = await service.PostAsync("/v1/pictures", new { prompt = new string('x', 201) });

        Assert.Equal((422, "prompt: has 201 characters, more than 200; shorten it."), (status, problem.Text("detail")));
    }

    // curl says that JSON is a form if nobody tells it otherwise.
    [Fact]
    public async Task JSON_is_read_whatever_it_calls_itself()
    {
        using var body = Json("""{ "prompt": "a dog" }""");
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");

        Assert.Equal(202, (await service.PostAsync("/v1/pictures", body)).Status);
    }

    [Theory]
    [InlineData("?format=webp", "image/webp", 8)]
    [InlineData("?format=jpeg&width=4", "image/jpeg", 4)]
    [InlineData("?width=16", "image/png", 16)]
    public async Task A_picture_comes_in_other_formats_and_sizes(string query, string type, int width)
    {
        var url = (await service.PaintAsync(new { prompt = "a dog" })).List("pictures")[0].Text("url");

        using var answer = await service.Http.GetAsync(new Uri(url + query, UriKind.Relative), Stop);

        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(width, PictureReader.Read(await answer.Content.ReadAsByteArrayAsync(Stop), "picture").Width);
    }

    [Theory]
    [InlineData("?format=bmp", "format")]
    [InlineData("?width=0", "width")]
    [InlineData("?width=99999", "width")]
    public async Task Formats_and_sizes_that_there_are_not_are_refused(string query, string field)
    {
        var url = (await service.PaintAsync(new { prompt = "a dog" })).List("pictures")[0].Text("url");
        var (status, problem) = await service.SendAsync(HttpMethod.Get, url + query);

        Assert.Equal((422, field), (status, problem.Text("field")));
    }

    [Fact]
    public async Task The_gallery_has_all_pictures_once_newest_first()
    {
        var job = await service.PaintAsync(new { prompt = "many", count = 5 });
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await service.GetAsync($"/v1/pictures?limit=2{cursor}");
            seen.AddRange(page.List("items").Select(item => item.Text("id")));
            cursor = page.TryGetProperty("next", out var next) ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal(job.List("pictures").Select(item => item.Text("id")).Reverse(), seen.Take(5));
        Assert.Equal(seen.Distinct(), seen);
    }

    [Fact]
    public async Task An_answer_may_be_kept_by_the_client()
    {
        var url = (await service.PaintAsync(new { prompt = "a dog" })).List("pictures")[0].Text("url");
        using var first = await service.Http.GetAsync(new Uri(url, UriKind.Relative), Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await service.Http.SendAsync(again, Stop);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static byte[] Picture(Rgb colour) => PictureWriter.EncodePng(Dramatis.Pictures.Picture.Filled(4, 3, colour));

    private static string DataUrl(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";

    private async Task<(int Status, bool HasPictures)> Answer(object request, string query)
    {
        var (status, job) = await service.PostAsync($"/v1/pictures{query}", request);
        await service.PostAsync($"/v1/jobs/{job.Text("id")}/cancel");
        return (status, job.List("pictures").Count > 0);
    }
}
