using System.Text.Json;
using Dramatis.Configs;

namespace Dramatis.Tests.Configs;

public sealed class PythonJsonTests
{
    [Fact]
    public void Numbers_that_json_does_not_know_become_texts_and_texts_stay()
    {
        const string json = """{"a": -Infinity, "b": [NaN, 1], "c": "no \"Infinity\" here", "d": Infinity}""";

        using var parsed = PythonJson.Parse(json);

        Assert.Equal("-Infinity", parsed.RootElement.GetProperty("a").GetString());
        Assert.Equal("NaN", parsed.RootElement.GetProperty("b")[0].GetString());
        Assert.Equal("no \"Infinity\" here", parsed.RootElement.GetProperty("c").GetString());
        Assert.Equal("Infinity", parsed.RootElement.GetProperty("d").GetString());
    }

    [Theory]
    [InlineData("{\"a\": NaN")]
    [InlineData("{\"a\": nan}")]
    [InlineData("")]
    public void What_is_malformed_stays_an_error(string json)
    {
        Assert.ThrowsAny<JsonException>(() => PythonJson.Parse(json));
    }
}
