namespace Dramatis.Cli.Tests;

[Collection(CommandRun.Collection)]
public sealed class TrainBaseTests
{
    [Theory]
    [InlineData("-0.1")]
    [InlineData("1.1")]
    [InlineData("NaN")]
    public async Task A_share_of_names_is_between_none_and_all(string share)
    {
        var (code, _, error) = await CommandRun.Of("train", "base", "--data", "nowhere", "--vae", "nowhere", "-o", "nowhere", "--named", share);

        Assert.NotEqual(0, code);
        Assert.Contains("--named takes a number from 0 to 1", error, StringComparison.Ordinal);
    }
}
