using System.Text.Json;
using Dramatis.Pictures;

namespace Dramatis.Server.Tests.Api;

[Collection(Rehearsing.Name)]
public sealed class CastApiTests(RehearsingService rehearsing)
{
    private readonly RunningService service = rehearsing.Service;

    [Fact]
    public async Task A_subject_is_saved_changed_listed_and_forgotten()
    {
        var name = NewName();
        var subject = await AddAsync(name, "cat", 2);

        var (status, changed) = await service.SendAsync(HttpMethod.Patch, $"/v1/cast/{name}", new { phrase = "red cat", pictures = new[] { DataUrl(9) } });
        var listed = (await service.GetAsync("/v1/cast")).List("items").Single(item => item.Text("id") == subject.Text("id"));

        Assert.Equal((200, "red cat", name), (status, changed.Text("phrase"), changed.Text("name")));
        Assert.Equal(changed.ToString(), listed.ToString());
        Assert.Single(listed.List("pictures"));
        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, $"/v1/cast/{subject.Text("id")}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, $"/v1/cast/{subject.Text("id")}")).Status);
    }

    [Fact]
    public async Task Pictures_may_come_as_parts_of_a_form_with_their_masks()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent($$"""{ "name": "{{NewName()}}", "phrase": "cat", "pictures": ["one"], "masks": ["two"] }"""), "request" },
            { new ByteArrayContent(Picture(1)), "one", "a.png" },
            { new ByteArrayContent(Picture(255)), "two", "b.png" },
        };
        var (status, subject) = await service.PostAsync("/v1/cast", form);

        Assert.Equal((201, 1), (status, subject.List("pictures").Count));
        Assert.Equal(Picture(255), await service.Http.GetByteArrayAsync($"/v1/blobs/{subject.List("masks")[0].GetString()}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_two_subjects_of_one_name_the_second_is_refused()
    {
        var name = NewName();
        await AddAsync(name, "cat", 1);

        var (status, problem) = await service.PostAsync("/v1/cast", new { name, pictures = new[] { DataUrl(1) } });

        Assert.Equal((409, "name"), (status, problem.Text("field")));
    }

    [Theory]
    [InlineData("""{ "name": "a/b", "pictures": ["x"] }""", "name")]
    [InlineData("""{ "name": " ", "pictures": ["x"] }""", "name")]
    [InlineData("""{ "name": "{a}", "pictures": ["x"] }""", "name")]
    [InlineData("""{ "name": "new", "pictures": [] }""", "pictures")]
    [InlineData("""{ "name": "new", "pictures": ["0123"] }""", "pictures[0]")]
    [InlineData("""{ "name": "new", "pictures": ["/etc/passwd"] }""", "pictures[0]")]
    [InlineData("""{ "name": "new", "pictures": ["x"], "colour": "red" }""", "colour")]
    public async Task What_is_wrong_with_a_subject_is_named_by_its_field(string json, string field)
    {
        using var body = new StringContent(json);
        var (status, problem) = await service.PostAsync("/v1/cast", body);

        Assert.Equal((422, field), (status, problem.Text("field")));
    }

    [Fact]
    public async Task There_is_a_mask_for_each_picture_or_none()
    {
        var (status, problem) = await service.PostAsync("/v1/cast", new { name = NewName(), pictures = new[] { DataUrl(1), DataUrl(2) }, masks = new[] { DataUrl(3) } });

        Assert.Equal((422, "masks"), (status, problem.Text("field")));
    }

    [Fact]
    public async Task A_request_that_names_a_subject_has_its_pictures_and_its_phrase()
    {
        var name = NewName();
        var subject = await AddAsync(name, "cat", 2);

        var job = await service.PaintAsync(new { prompt = $"a {{{name}}} on a beach", subjects = new[] { new { cast = name, strength = .5 } } });

        var request = job.GetProperty("request");
        Assert.Equal("a {cat} on a beach", request.Text("prompt"));
        Assert.Equal(subject.List("pictures").Select(id => id.GetString()), request.List("subjects")[0].List("references").Select(id => id.GetString()));
        Assert.Equal(("cat", .5), (request.List("subjects")[0].Text("phrase"), request.List("subjects")[0].GetProperty("strength").GetDouble()));
        Assert.Equal("done", (await service.PaintAsync(request)).Text("state"));    // as it is stored it may be sent again
    }

    [Fact]
    public async Task OpenAI_s_clients_may_name_it_too()
    {
        var name = NewName();
        await AddAsync(name, "cat", 1);

        var (status, answer) = await service.PostAsync("/v1/images/generations", new { prompt = "a cat", subjects = new[] { new { cast = name } } });

        Assert.Equal((200, 1), (status, answer.List("data").Count));
    }

    [Theory]
    [InlineData("""{ "prompt": "x", "subjects": [{ "cast": "nobody" }] }""", "subjects[0].cast")]
    [InlineData("""{ "prompt": "x", "subjects": [{ "cast": 3 }] }""", "subjects[0].cast")]
    [InlineData("""{ "prompt": "x", "subjects": [{ "cast": "nobody", "references": [] }] }""", "subjects[0].references")]
    [InlineData("""{ "prompt": "x", "subjects": [{ "phrase": "x", "learned": "0123" }] }""", "subjects[0].learned")]
    public async Task A_subject_that_is_not_there_is_named_by_its_field(string json, string field)
    {
        using var body = new StringContent(json);
        var (status, problem) = await service.PostAsync("/v1/pictures", body);

        Assert.Equal((422, field), (status, problem.Text("field")));
    }

    [Fact]
    public async Task What_was_learned_is_at_the_subject_and_requests_use_it()
    {
        var name = NewName();
        await AddAsync(name, "cat", 3);

        var (status, job) = await service.PostAsync($"/v1/cast/{name}/learn", new { method = "lora", steps = 3, word = "qzt" });
        var done = await service.UntilAsync(job, "done");
        var learned = Assert.Single((await service.GetAsync($"/v1/cast/{name}")).List("learned"));
        var painted = await service.PaintAsync(new { prompt = $"a {{{name}}} on a beach", subjects = new[] { new { cast = name } } });
        var again = await service.PaintAsync(painted.GetProperty("request"));

        Assert.Equal((202, "learn", name), (status, done.Text("kind"), (await service.GetAsync($"/v1/cast/{done.Text("cast")}")).Text("name")));
        Assert.Equal(("lora", "qzt cat", "toybox", false), (learned.Text("method"), learned.Text("words"), learned.Text("model"), learned.GetProperty("is_model").GetBoolean()));
        Assert.Equal("a {qzt cat} on a beach", painted.GetProperty("request").Text("prompt"));
        Assert.Equal(64, painted.GetProperty("request").List("subjects")[0].Text("learned").Length);
        Assert.Equal(("done", "done"), (painted.Text("state"), again.Text("state")));
    }

    [Fact]
    public async Task A_training_tells_of_its_steps()
    {
        var name = NewName();
        await AddAsync(name, "cat", 3);
        var (_, job) = await service.PostAsync($"/v1/cast/{name}/learn", new { method = "lora", steps = 2 });
        var done = await service.UntilAsync(job, "done");

        var events = await service.Http.GetStringAsync($"/v1/jobs/{job.Text("id")}/events", TestContext.Current.CancellationToken);

        Assert.Contains("event: training_started\n", events, StringComparison.Ordinal);
        Assert.Contains("\"average_loss\":", events, StringComparison.Ordinal);
        Assert.Contains("\"seconds_left\":", events, StringComparison.Ordinal);
        Assert.Contains("event: learned\n", events, StringComparison.Ordinal);
        Assert.Equal((2, 2), (done.GetProperty("progress").Number("step"), done.GetProperty("progress").Number("steps")));
        Assert.DoesNotContain(service.Data, events, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(service.Data, "trainings", job.Text("id"))));
    }

    [Theory]
    [InlineData("""{ "method": "magic" }""", "method")]
    [InlineData("""{ }""", "method")]
    [InlineData("""{ "method": "lora", "output": "/tmp/x" }""", "output")]
    [InlineData("""{ "method": "lora", "subjects": [] }""", "subjects")]
    [InlineData("""{ "method": "lora", "model": "/etc" }""", "model")]
    [InlineData("""{ "method": "lora", "model": "nobody" }""", "model")]
    [InlineData("""{ "method": "lora", "word": " " }""", "word")]
    [InlineData("""{ "method": "cones2", "word": "x" }""", "word")]
    [InlineData("""{ "method": "lora", "steps": 0 }""", "steps")]
    [InlineData("""{ "method": "lora", "steps": 99999999 }""", "steps")]
    [InlineData("""{ "method": "lora", "settings": { "rank": 0 } }""", "settings.rank")]
    public async Task What_is_wrong_with_a_training_is_named_by_its_field(string json, string field)
    {
        var name = NewName();
        await AddAsync(name, "cat", 3);
        using var body = new StringContent(json);

        var (status, problem) = await service.PostAsync($"/v1/cast/{name}/learn", body);

        Assert.Equal((422, field), (status, problem.Text("field")));
    }

    [Fact]
    public async Task Two_pictures_are_too_few_to_learn_from()
    {
        var name = NewName();
        await AddAsync(name, "cat", 2);

        var (status, problem) = await service.PostAsync($"/v1/cast/{name}/learn", new { method = "lora" });

        Assert.Equal((422, "pictures"), (status, problem.Text("field")));
    }

    [Fact]
    public async Task A_subject_that_is_being_learned_stays()
    {
        var name = NewName();
        await AddAsync(name, "cat", 3);
        var (_, job) = await service.PostAsync($"/v1/cast/{name}/learn", new { method = "lora", steps = 3000 });

        var (status, problem) = await service.SendAsync(HttpMethod.Delete, $"/v1/cast/{name}");
        await service.PostAsync($"/v1/jobs/{job.Text("id")}/cancel");
        await service.UntilAsync(job, "cancelled");

        Assert.Equal((409, "id"), (status, problem.Text("field")));
        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, $"/v1/cast/{name}")).Status);
    }

    private static string NewName() => $"n{Guid.NewGuid():N}";

    private static byte[] Picture(byte colour) => PictureWriter.EncodePng(Dramatis.Pictures.Picture.Filled(4, 3, new(colour, colour, colour)));

    private static string DataUrl(byte colour) => $"data:image/png;base64,{Convert.ToBase64String(Picture(colour))}";

    private async Task<JsonElement> AddAsync(string name, string phrase, int pictures)
    {
        var (status, subject) = await service.PostAsync(
            "/v1/cast", new { name, phrase, pictures = Enumerable.Range(0, pictures).Select(i => DataUrl((byte)i)) });
        Assert.Equal(201, status);
        return subject;
    }
}
