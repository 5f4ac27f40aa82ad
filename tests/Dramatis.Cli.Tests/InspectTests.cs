using System.Text.Json;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis inspect</c>.</summary>
[Collection(CommandRun.Collection)]
public sealed class InspectTests
{
    private static string Adapter => Path.Combine(ShippedFolder.Find("models", "toybox"), "adapters", "ms-diffusion", "adapter.safetensors");

    [Fact]
    public async Task The_shipped_adapter_is_recognised()
    {
        var (code, output, _) = await CommandRun.Of("inspect", Adapter);

        Assert.Equal(0, code);
        Assert.Contains("MS-Diffusion adapter", output, StringComparison.Ordinal);
        Assert.Contains("[1, 4, 192]           dummy_image_tokens", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_says_the_same()
    {
        var (_, output, _) = await CommandRun.Of("inspect", Adapter, "--json");

        using var json = JsonDocument.Parse(output);
        Assert.Equal("MS-Diffusion adapter", json.RootElement.GetProperty("kind").GetString());
        Assert.Equal(
            json.RootElement.GetProperty("tensor_count").GetInt32(), json.RootElement.GetProperty("tensors").GetArrayLength());
    }

    [Fact]
    public async Task A_bad_file_does_not_hide_a_good_one()
    {
        var (code, output, error) = await CommandRun.Of("inspect", "none.bin", Adapter, "--summary");

        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains("MS-Diffusion adapter", output, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("none.bin", error, StringComparison.Ordinal);
    }
}
