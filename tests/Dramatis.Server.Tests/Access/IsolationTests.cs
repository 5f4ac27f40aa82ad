using System.Net.Http.Json;
using System.Text.Json;
using Dramatis.Pictures;

namespace Dramatis.Server.Tests.Access;

/// <summary>Every route of the API's description: what is another's is not there, and nobody is answered without a key.</summary>
[Collection(Keyed.Name)]
public sealed class IsolationTests(KeyedService keyed)
{
    // The only ones that answer to everybody.
    private static readonly string[] Public = ["live", "ready", "login"];

    private readonly RunningService service = keyed.Service;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("none")]
    [InlineData("wrong")]
    [InlineData("revoked")]
    [InlineData("half")]
    public async Task No_method_of_any_route_answers_without_a_key(string kind)
    {
        service.Use(kind switch
        {
            "none" => null,
            "wrong" => "dramatis_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "revoked" => keyed.Gone,
            _ => keyed.Anna[..^1],
        });

        foreach (var (path, method, _) in (await OperationsAsync()).Where(operation => !Public.Contains(operation.Id)))
        {
            var (status, problem) = await service.SendAsync(method, path.Replace("{id}", "x", StringComparison.Ordinal));
            Assert.True(status == 401, $"{method} {path} answers {status}");
            Assert.Equal(("Authorization", "invalid_api_key"), (problem.Text("field"), problem.GetProperty("error").Text("code")));
        }
    }

    [Fact]
    public async Task What_is_anothers_is_not_there()
    {
        var ids = await MakeAsync(keyed.Anna);
        service.Use(keyed.Berta);

        foreach (var (path, method, _) in (await OperationsAsync()).Where(operation => operation.Path.Contains('{', StringComparison.Ordinal)))
        {
            if (path == "/v1/models/{id}")
            {
                continue;    // models are nobody's
            }

            var own = ids.FirstOrDefault(item => path.StartsWith(item.Key, StringComparison.Ordinal)).Value
                ?? throw new KeyNotFoundException($"{path}: say in MakeAsync whose ids it takes");
            using var body = BodyOf(method, path);
            var (status, problem) = await service.SendAsync(method, path.Replace("{id}", own, StringComparison.Ordinal), body);
            Assert.True(status == 404, $"{method} {path} answers {status}");
            Assert.Contains(own, problem.Text("detail"), StringComparison.Ordinal);
        }

        service.Use(keyed.Anna);
        Assert.Equal("done", (await service.GetAsync($"/v1/jobs/{ids["/v1/jobs"]}")).Text("state"));
    }

    [Fact]
    public async Task Lists_and_progress_hold_what_is_ones_own()
    {
        var ids = await MakeAsync(keyed.Anna);
        service.Use(keyed.Berta);

        Assert.DoesNotContain(ids["/v1/jobs"], await service.Http.GetStringAsync("/v1/jobs?limit=200", Stop), StringComparison.Ordinal);
        Assert.DoesNotContain(ids["/v1/pictures"], await service.Http.GetStringAsync("/v1/pictures?limit=200", Stop), StringComparison.Ordinal);
        Assert.Empty((await service.GetAsync("/v1/cast")).List("items"));
        Assert.Equal("", (await service.GetAsync("/sdapi/v1/progress")).GetProperty("state").Text("job"));
    }

    [Fact]
    public async Task Anothers_upload_can_be_named_in_no_request()
    {
        var blob = (await MakeAsync(keyed.Anna))["/v1/blobs"];
        service.Use(keyed.Berta);
        object subjects = new { prompt = "a dog", subjects = new[] { new { phrase = "dog", references = new[] { blob } } } };
        object edit = new { prompt = "a dog", images = new[] { new { file_id = blob } } };

        object cast = new { prompt = "a {tom}", subjects = new[] { new { cast = "tom" } } };

        Assert.Equal(422, (await service.PostAsync("/v1/pictures", subjects)).Status);
        Assert.Equal(422, (await service.PostAsync("/v1/pictures", cast)).Status);
        Assert.Equal(422, (await service.PostAsync("/v1/images/generations", subjects)).Status);
        Assert.Equal(422, (await service.PostAsync("/v1/images/edits", edit)).Status);
    }

    [Fact]
    public async Task Two_owners_may_call_their_requests_the_same()
    {
        async Task<string> AskAsync(string key, string prompt)
        {
            service.Use(key);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/pictures?wait=60") { Content = JsonContent.Create(new { prompt, steps = 1, size = Sizes.Small }) };
            request.Headers.Add("Idempotency-Key", "same");
            using var answer = await service.Http.SendAsync(request, Stop);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("owner");
        }

        Assert.Equal(("anna", "berta"), (await AskAsync(keyed.Anna, "one"), await AskAsync(keyed.Berta, "two")));
    }

    private async Task<List<(string Path, HttpMethod Method, string Id)>> OperationsAsync() =>
    [
        .. from path in (await service.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select (path.Name, HttpMethod.Parse(operation.Name), operation.Value.Text("operationId")),
    ];

    // One that would do if it were one's own.
    private static JsonContent? BodyOf(HttpMethod method, string path) =>
        path.EndsWith("/learn", StringComparison.Ordinal) ? JsonContent.Create(new { method = "lora" })
        : method != HttpMethod.Patch ? null
        : path.StartsWith("/v1/cast", StringComparison.Ordinal) ? JsonContent.Create(new { phrase = "cat" })
        : JsonContent.Create(new { priority = 1 });

    // By the beginnings of routes: what an owner has.
    private async Task<Dictionary<string, string>> MakeAsync(string key)
    {
        service.Use(key);
        var job = await service.PaintAsync(new { prompt = "mine", steps = 1, size = Sizes.Small });
        var png = PictureWriter.EncodePng(Picture.Filled(3, 3, new(1, 2, 3)));
        using var body = new ByteArrayContent(png);
        var (_, blob) = await service.PostAsync("/v1/blobs", body);
        await service.PostAsync("/v1/cast", new { name = "tom", pictures = new[] { $"data:image/png;base64,{Convert.ToBase64String(png)}" } });
        return new()
        {
            ["/v1/jobs"] = job.Text("id"),
            ["/v1/pictures"] = job.List("pictures")[0].Text("id"),
            ["/v1/blobs"] = blob.Text("id"),
            ["/v1/cast"] = (await service.GetAsync("/v1/cast")).List("items")[0].Text("id"),
        };
    }
}
