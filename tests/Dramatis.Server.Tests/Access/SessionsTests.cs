using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Access;

/// <summary>Browsers: a cookie instead of a key.</summary>
[Collection(Keyed.Name)]
public sealed class SessionsTests(KeyedService keyed) : IDisposable
{
    private static readonly object Dog = new { prompt = "a dog", steps = 1, size = Sizes.Small };

    private readonly HttpClient browser = new(new HttpClientHandler { CookieContainer = new() }) { BaseAddress = keyed.Service.Address };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => browser.Dispose();

    [Fact]
    public async Task Who_logs_in_is_the_owner_of_the_key()
    {
        using var answer = await LoginAsync(keyed.Anna);
        var who = await browser.GetFromJsonAsync<JsonElement>("/v1/session", Stop);

        Assert.Equal((HttpStatusCode.OK, "anna", "user"), (answer.StatusCode, who.Text("owner"), who.Text("role")));
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.Ordinal);
            Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
            Assert.DoesNotContain(keyed.Anna.Split('_')[^1], cookie, StringComparison.Ordinal);
        });
    }

    // curl -d, and nothing said of what it is.
    [Fact]
    public async Task What_is_posted_without_a_word_of_what_it_is_is_read_as_JSON()
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { key = keyed.Anna }), new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using var answer = await browser.PostAsync(new Uri("/v1/session", UriKind.Relative), body, Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_wrong_key_logs_nobody_in()
    {
        using var answer = await LoginAsync(keyed.Gone);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task What_changes_something_needs_the_token_beside_the_cookie()
    {
        using var login = await LoginAsync(keyed.Anna);
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("csrf_token");

        Assert.Equal(HttpStatusCode.Forbidden, await PaintAsync(null));
        Assert.Equal(HttpStatusCode.Forbidden, await PaintAsync(token[..^4] + "AAAA"));
        Assert.Equal(HttpStatusCode.Accepted, await PaintAsync(token));
        Assert.Equal(HttpStatusCode.Accepted, await PaintAsync((await browser.GetFromJsonAsync<JsonElement>("/v1/session", Stop)).Text("csrf_token")));
    }

    [Fact]
    public async Task Anothers_token_is_none()
    {
        using var other = new HttpClient(new HttpClientHandler { CookieContainer = new() }) { BaseAddress = keyed.Service.Address };
        using var berta = await other.PostAsJsonAsync("/v1/session", new { key = keyed.Berta }, Stop);
        using var anna = await LoginAsync(keyed.Anna);

        Assert.Equal(HttpStatusCode.Forbidden, await PaintAsync((await berta.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("csrf_token")));
    }

    [Fact]
    public async Task Another_page_logs_nobody_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/session") { Content = JsonContent.Create(new { key = keyed.Anna }) };
        request.Headers.Add("Origin", "https://evil.example");
        using var answer = await browser.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Who_logs_out_is_out()
    {
        using var login = await LoginAsync(keyed.Anna);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/session");
        request.Headers.Add("X-CSRF-Token", (await login.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("csrf_token"));
        using var logout = await browser.SendAsync(request, Stop);
        using var after = await browser.GetAsync(new Uri("/v1/session", UriKind.Relative), Stop);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Unauthorized), (logout.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task A_revoked_key_ends_its_sessions()
    {
        using var login = await LoginAsync(await keyed.Service.AddKeyAsync("short"));
        await keyed.Service.RevokeAsync("short");
        using var after = await browser.GetAsync(new Uri("/v1/session", UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Slow]
    [Fact]
    public async Task A_service_that_begins_anew_knows_its_sessions()
    {
        await using var first = await RunningService.StartAsync(null, ("painters", "0"));
        using var login = await first.Http.PostAsJsonAsync("/v1/session", new { key = await first.AddKeyAsync("anna") }, Stop);
        var cookie = string.Join("; ", login.Headers.GetValues("Set-Cookie").Select(text => text.Split(';')[0]));
        await first.TerminateAsync();

        await using var second = await RunningService.StartAsync(first.Data, ("painters", "0"));
        using var bare = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = second.Address };
        bare.DefaultRequestHeaders.Add("Cookie", cookie);

        Assert.Equal("anna", (await bare.GetFromJsonAsync<JsonElement>("/v1/session", Stop)).Text("owner"));
    }

    private Task<HttpResponseMessage> LoginAsync(string key) => browser.PostAsJsonAsync("/v1/session", new { key }, Stop);

    private async Task<HttpStatusCode> PaintAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/pictures") { Content = JsonContent.Create(Dog) };
        if (token is not null)
        {
            request.Headers.Add("X-CSRF-Token", token);
        }

        using var answer = await browser.SendAsync(request, Stop);
        return answer.StatusCode;
    }
}
