namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis train vae</c>: what it refuses.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainVaeTests
{
    [Fact]
    public async Task Latents_that_nothing_has_yet_cannot_be_kept()
    {
        var (code, _, error) = await CommandRun.Of("train", "vae", "--data", "nowhere", "-o", "nowhere", "--keep-latents");

        Assert.NotEqual(0, code);
        Assert.Contains("--keep-latents", error, StringComparison.Ordinal);
        Assert.Contains("--from", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_named()
    {
        var (code, _, error) = await CommandRun.Of("train", "vae", "--data", "nowhere", "-o", "nowhere", "--device", "tpu");

        Assert.NotEqual(0, code);
        Assert.Contains("--device: \"tpu\" is no device", error, StringComparison.Ordinal);
    }
}
