using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Tests.Configs;

public sealed class ConfigReaderTests
{
    [Fact]
    public void What_is_absent_or_null_takes_the_given_default()
    {
        var config = ConfigReader.Parse("""{"a": null}""", "c.json");

        Assert.Equal(3, config.Whole("a", 3));
        Assert.Equal(0.5, config.Number("b", 0.5));
        Assert.Null(config.OptionalNumber("a"));
        Assert.False(config.Has("a"));
    }

    [Fact]
    public void One_number_stands_for_every_level()
    {
        var config = ConfigReader.Parse("""{"one": 8, "each": [5, 10, 20]}""", "c.json");

        Assert.Equal([8, 8, 8], config.WholeForEach("one", 3));
        Assert.Equal([5, 10, 20], config.WholeForEach("each", 3));
    }

    [Theory]
    [InlineData("""{"a": 1.5}""")]
    [InlineData("""{"a": 0}""")]
    [InlineData("""{"a": "1"}""")]
    [InlineData("""{"a": 1e99}""")]
    [InlineData("{}")]
    public void A_whole_number_is_whole_positive_and_there(string json)
    {
        var config = ConfigReader.Parse(json, "c.json");

        var error = Assert.Throws<InvalidConfigException>(() => config.Whole("a"));

        Assert.StartsWith("c.json: \"a\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_for_the_levels_has_one_number_for_each()
    {
        var config = ConfigReader.Parse("""{"a": [1, 2]}""", "c.json");

        Assert.Throws<InvalidConfigException>(() => config.WholeForEach("a", 3));
    }

    [Fact]
    public void A_number_without_bound_is_refused()
    {
        var config = ConfigReader.Parse("""{"a": -Infinity}""", "c.json");

        Assert.Throws<InvalidConfigException>(() => config.Number("a"));
    }
}
