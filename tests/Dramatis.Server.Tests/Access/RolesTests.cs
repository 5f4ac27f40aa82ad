using System.Text;

namespace Dramatis.Server.Tests.Access;

/// <summary>What keys open: roles, limits of their own, and nothing any more once they are revoked.</summary>
[Collection(Keyed.Name)]
public sealed class RolesTests(KeyedService keyed)
{
    private readonly RunningService service = keyed.Service;

    [Fact]
    public async Task The_queue_of_all_is_for_admins()
    {
        service.Use(keyed.Anna);
        var job = await service.PaintAsync(new { prompt = "hers", steps = 1, size = Sizes.Small });

        Assert.Equal(403, (await service.SendAsync(HttpMethod.Get, "/v1/jobs?all=true")).Status);
        Assert.Equal(403, (await service.PostAsync("/v1/queue/pause")).Status);
        Assert.Equal(403, (await service.PostAsync("/v1/queue/resume")).Status);

        service.Use(keyed.Admin);
        var all = (await service.GetAsync("/v1/jobs?all=true")).List("items");

        Assert.Equal("anna", all.Single(seen => seen.Text("id") == job.Text("id")).Text("owner"));
        Assert.DoesNotContain((await service.GetAsync("/v1/jobs")).List("items"), seen => seen.Text("owner") == "anna");
        Assert.Equal(200, (await service.PostAsync("/v1/queue/resume")).Status);
    }

    [Fact]
    public async Task An_admin_stops_and_ranks_anybodys_job_but_deletes_and_sees_none()
    {
        service.Use(keyed.Admin);
        await service.PostAsync("/v1/queue/pause");
        try
        {
            service.Use(keyed.Anna);
            var job = await service.PaintAsync(new { prompt = "hers", steps = 1, size = Sizes.Small }, "");
            var path = $"/v1/jobs/{job.Text("id")}";
            service.Use(keyed.Admin);

            Assert.Equal(7, (await service.SendAsync(HttpMethod.Patch, path, new { priority = 7 })).Body.Number("priority"));
            Assert.Equal("cancelled", (await service.PostAsync($"{path}/cancel")).Body.Text("state"));
            Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, $"{path}/events")).Status);
            Assert.Equal(404, (await service.PostAsync($"{path}/retry")).Status);
            Assert.Equal(404, (await service.SendAsync(HttpMethod.Delete, path)).Status);
        }
        finally
        {
            service.Use(keyed.Admin);
            await service.PostAsync("/v1/queue/resume");
        }
    }

    [Fact]
    public async Task A_key_has_limits_of_its_own()
    {
        service.Use(keyed.Berta);
        var own = await service.GetAsync("/v1/limits");
        var (status, problem) = await service.PostAsync("/v1/pictures", new { prompt = "much", steps = 100, size = Sizes.Small });
        service.Use(keyed.Anna);
        var others = await service.GetAsync("/v1/limits");

        Assert.Equal((1, .1), (own.Number("max_queue_per_owner"), own.GetProperty("max_work").GetDouble()));
        Assert.Equal((200, 4000), (others.Number("max_queue_per_owner"), others.GetProperty("max_work").GetDouble()));
        Assert.Equal((422, "size"), (status, problem.Text("field")));
        Assert.Equal(202, (await service.PostAsync("/v1/pictures", new { prompt = "much", steps = 100, size = Sizes.Small })).Status);
    }

    [Fact]
    public async Task A_revoked_key_ends_what_is_being_answered_too()
    {
        service.Use(await service.AddKeyAsync("brief"));
        var job = await service.PaintAsync(new { prompt = "long", steps = 1000, size = Sizes.Small }, "");
        using var answer = await service.Http.GetAsync(
            new Uri($"/v1/jobs/{job.Text("id")}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var events = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        await service.RevokeAsync("brief");
        Exception? end = null;
        var text = new StringBuilder();
        try
        {
            using var reader = new StreamReader(events);
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                text.AppendLine(line);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            end = e;
        }

        Assert.NotNull(end);
        Assert.DoesNotContain("event: done", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(401, (await service.SendAsync(HttpMethod.Get, $"/v1/jobs/{job.Text("id")}")).Status);
    }

    [Fact]
    public async Task A_password_is_a_key_too()
    {
        service.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{keyed.Anna}")));
        Assert.Equal("anna", (await service.GetAsync("/v1/session")).Text("owner"));

        service.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("anybody:else"u8));
        Assert.Equal(401, (await service.SendAsync(HttpMethod.Get, "/v1/session")).Status);
    }
}
