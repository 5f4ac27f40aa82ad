using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods.IpAdapter;

namespace Dramatis.Tests.Methods.IpAdapter;

public sealed class BlockStrengthsTests
{
    [Fact]
    public void A_number_stands_for_all_blocks() => Assert.All(Expand("0.6", PublishedSites.Sd15).Values, strength => Assert.Equal(.6, strength));

    [Theory]
    [InlineData("""{"up": {"block_0": [0, 1, 0]}}""", 69, 87)]                  // style
    [InlineData("""{"down": {"block_2": [0, 1]}}""", 29, 47)]                   // layout
    [InlineData("""{"mid": [1]}""", 121, 139)]
    [InlineData("""{"down": {"block_1": 1}}""", 1, 7)]
    [InlineData("""{"up": 1}""", 49, 119)]
    [InlineData("""{"down": {"block_1": [1], "block_2": 1}}""", 1, 47)]
    public void What_is_not_named_gets_nothing(string json, int first, int last)
    {
        var strengths = Expand(json, PublishedSites.Sdxl);

        Assert.Equal(
            Enumerable.Range(0, (last - first) / 2 + 1).Select(i => first + (2 * i)),
            strengths.Where(item => item.Value == 1).Select(item => (2 * item.Key.Index) + 1));
        Assert.All(strengths.Values.Where(strength => strength != 1), strength => Assert.Equal(0, strength));
    }

    [Theory]
    [InlineData("""{"down": {"block_0": 1}}""", "strength.down.block_0")]        // has no attention in SDXL
    [InlineData("""{"left": 1}""", "strength.left")]
    [InlineData("""{"up": {"block_0": [0, 1]}}""", "3 attentions")]
    [InlineData("""{"up": [0, 1]}""", "strength.up")]
    [InlineData("""{"up": {"block_0": "much"}}""", "strength.up.block_0")]
    [InlineData("\"much\"", "much")]
    [InlineData("[1]", "strength")]
    public void What_makes_no_sense_is_named(string json, string named)
    {
        var error = Assert.Throws<InvalidConfigException>(() => Expand(json, PublishedSites.Sdxl));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<AttentionSite, double> Expand(string json, IReadOnlyList<AttentionSite> sites) =>
        BlockStrengths.Parse(json).Expand(sites);
}
