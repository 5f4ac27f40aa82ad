using System.Net.Http.Json;
using System.Text.Json;

namespace Dramatis.Server.Tests.Api;

[Collection(Rehearsing.Name)]
public sealed class IdempotencyTests(RehearsingService rehearsing)
{
    [Fact]
    public async Task A_request_sent_twice_under_one_name_is_one_job()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SendAsync("same", "a dog")));

        Assert.All(answers, answer => Assert.Contains(answer.Status, (int[])[202, 200]));    // 200 where it has been painted by then
        Assert.Single(answers.Select(answer => answer.Body.Text("id")).Distinct());
    }

    [Fact]
    public async Task Another_request_under_that_name_is_refused()
    {
        await SendAsync("taken", "a dog");

        var (status, problem) = await SendAsync("taken", "a cat");

        Assert.Equal((409, "Idempotency-Key"), (status, problem.Text("field")));
    }

    [Fact]
    public async Task Without_a_name_each_is_a_job_of_its_own() =>
        Assert.NotEqual((await SendAsync(null, "a dog")).Body.Text("id"), (await SendAsync(null, "a dog")).Body.Text("id"));

    [Fact]
    public async Task A_name_has_an_end() => Assert.Equal(422, (await SendAsync(new string('k', 201), "a dog")).Status);

    private async Task<(int Status, JsonElement Body)> SendAsync(string? key, string prompt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/pictures") { Content = JsonContent.Create(new { prompt }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await rehearsing.Service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }
}
