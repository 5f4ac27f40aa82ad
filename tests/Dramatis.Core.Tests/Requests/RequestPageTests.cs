using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

/// <summary><c>docs/request.md</c> against the reader of orders.</summary>
public sealed partial class RequestPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(GoldenFolder.Of(""), "..", "..", "docs", "request.md"));

    [Fact]
    public void Every_order_on_the_page_is_one()
    {
        var orders = JsonBlocks().Matches(Page).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(4, orders.Count);
        Assert.All(orders, order => RequestJson.Parse(order, "orders").Validate());
    }

    // The reader names all fields that it knows when it meets another.
    [Theory]
    [InlineData("""{ "prompt": "a", "other": 1 }""")]
    [InlineData("""{ "prompt": "a", "subjects": [ { "phrase": "a", "other": 1 } ] }""")]
    [InlineData("""{ "prompt": "a", "controls": [ { "model": "a", "picture": "a", "other": 1 } ] }""")]
    [InlineData("""{ "prompt": "a", "loras": [ { "file": "a", "other": 1 } ] }""")]
    [InlineData("""{ "prompt": "a", "frame": { "other": 1 } }""")]
    [InlineData("""{ "prompt": "a", "layout": { "other": 1 } }""")]
    public void Every_field_that_the_reader_knows_is_on_the_page(string order)
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Parse(order, "orders"));

        Assert.All(error.Message.TrimEnd('.').Split("Known are ")[1].Split(", "), field => Assert.Contains($"`{field}`", Page, StringComparison.Ordinal));
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlocks();
}
