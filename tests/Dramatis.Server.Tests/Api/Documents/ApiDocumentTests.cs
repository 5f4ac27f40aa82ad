using System.Text.RegularExpressions;
using Dramatis.Server.Host;

namespace Dramatis.Server.Tests.Api.Documents;

/// <summary>The API's description against the one that lies in <c>docs</c>, so that it changes on purpose only.</summary>
[Collection(Rehearsing.Name)]
public sealed class ApiDocumentTests(RehearsingService rehearsing)
{
    private readonly RunningService service = rehearsing.Service;

    [Fact]
    public async Task It_is_the_approved_one()
    {
        var document = await service.Http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        var approved = Path.GetFullPath(Path.Combine(ShippedModels.Embedded, "..", "..", "docs", "openapi.json"));
        var received = Path.Combine(AppContext.BaseDirectory, "openapi.json");
        await File.WriteAllTextAsync(received, document, TestContext.Current.CancellationToken);

        Assert.True(
            File.Exists(approved) && await File.ReadAllTextAsync(approved, TestContext.Current.CancellationToken) == document,
            $"The API has changed. If that is meant: cp {received} {approved}");
    }

    [Fact]
    public async Task Every_route_is_in_it_with_a_summary()
    {
        var paths = (await service.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().ToList();

        Assert.Contains(paths, path => path.Name == "/v1/images/generations");
        Assert.All(paths.SelectMany(path => path.Value.EnumerateObject()), operation => Assert.NotEmpty(operation.Value.Text("summary")));
    }

    [Fact]
    public async Task A_request_is_described_by_its_fields()
    {
        var schema = (await service.GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty("/v1/pictures").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");

        Assert.Equal("prompt", Assert.Single(schema.List("required")).GetString());
        Assert.Equal(1000, schema.GetProperty("properties").GetProperty("steps").Number("maximum"));
        Assert.True(schema.GetProperty("properties").GetProperty("subjects").GetProperty("items").GetProperty("properties").TryGetProperty("references", out _));
    }

    [Fact]
    public async Task A_page_browses_it_with_scripts_of_its_own_alone()
    {
        using var answer = await service.Http.GetAsync(new Uri("/docs/", UriKind.Relative), TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        var nonce = Regex.Match(policy, "script-src 'self' 'nonce-([^']{20,})';").Groups[1].Value;

        Assert.Contains("Dramatis", page, StringComparison.Ordinal);
        Assert.NotEmpty(nonce);
        Assert.All(Regex.Matches(page, "<script[^>]*>").AsEnumerable(), script => Assert.Contains($"nonce=\"{nonce}\"", script.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("http://", string.Concat(Regex.Matches(page, "src=\"[^\"]*\"").AsEnumerable()), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", string.Concat(Regex.Matches(page, "src=\"[^\"]*\"").AsEnumerable()), StringComparison.Ordinal);

        using var again = await service.Http.GetAsync(new Uri("/docs/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(nonce, Assert.Single(again.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}
