using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis inspect</c>.</summary>
[Collection(CommandRun.Collection)]
public sealed class InspectTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    private static string Adapter => Path.Combine(ShippedModel.Folder, "adapters", "ms-diffusion", "adapter.safetensors");

    public void Dispose() => folder.Delete(recursive: true);

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

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("MS-Diffusion adapter", output, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("none.bin", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_folder_is_told_part_by_part()
    {
        var (code, output, _) = await CommandRun.Of("inspect", ShippedModel.Folder, "--summary");

        Assert.Equal(0, code);
        Assert.Contains("kind  model folder", output, StringComparison.Ordinal);
        Assert.Contains("can   text-to-image, easyref, fastcomposer, ip-adapter, ms-diffusion", output, StringComparison.Ordinal);
        string[] parts =
        [
            "UNet", "VAE", "CLIP text encoder", "CLIP vision encoder", "IP-Adapter Plus", "MS-Diffusion adapter", "EasyRef adapter", "FastComposer adapter", "prior from words to image features",
        ];
        Assert.All(parts, kind => Assert.Contains($"kind {kind}\n", Squeeze(output), StringComparison.Ordinal));
        Assert.Equal(9, Squeeze(output).Split("unknown none\n").Length - 1);
    }

    [Fact]
    public async Task Json_of_a_model_folder_has_its_parts()
    {
        var (_, output, _) = await CommandRun.Of("inspect", ShippedModel.Folder, "--summary", "--json");

        using var json = JsonDocument.Parse(output);
        Assert.Equal("model folder", json.RootElement.GetProperty("kind").GetString());
        Assert.Equal(192, json.RootElement.GetProperty("text_width").GetInt32());
        Assert.Equal(9, json.RootElement.GetProperty("parts").GetArrayLength());
        Assert.All(json.RootElement.GetProperty("parts").EnumerateArray(), part => Assert.Equal(0, part.GetProperty("unknown_count").GetInt32()));
    }

    [Theory]
    [InlineData("F64", 8, 0x7FF8_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF)]
    [InlineData("F32", 4, 0xFF80_0000, 0x7F7F_FFFF)]
    [InlineData("F16", 2, 0xFC00, 0x7BFF)]
    [InlineData("BF16", 2, 0x7FC0, 0xFF7F)]
    [InlineData("F8_E5M2", 1, 0x7C, 0x7B)]
    [InlineData("F8_E4M3", 1, 0xFF, 0x7E)]
    [InlineData("I32", 4, 0, 0x7F80_0000)]
    public async Task Values_that_are_infinite_or_no_number_are_told_where_they_are_asked_for(string type, int size, long bad, long largest)
    {
        var file = Path.Combine(folder.FullName, "a.safetensors");
        byte[] values = [.. Bytes(largest), .. Bytes(bad), .. Bytes(largest), .. Bytes(bad)];
        var header = System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"w.bad":{"dtype":"{{{type}}}","shape":[4],"data_offsets":[0,{{{4 * size}}}]},"w.good":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[{{{4 * size}}},{{{5 * size}}}]}}""");
        File.WriteAllBytes(file, [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. values, .. Bytes(largest)]);

        var (code, output, _) = await CommandRun.Of("inspect", file, "--summary", "--values");
        var (_, json, _) = await CommandRun.Of("inspect", file, "--summary", "--values", "--json");
        var (_, unasked, _) = await CommandRun.Of("inspect", file, "--summary");

        Assert.Equal(0, code);
        Assert.Contains(bad == 0 ? "not finite none\n" : "not finite 2 values in 1 of the tensors, which cannot be painted with: w.bad (2)\n", Squeeze(output), StringComparison.Ordinal);
        Assert.Contains(bad == 0 ? "\"not_finite\":{}" : "\"not_finite\":{\"w.bad\":2}", json, StringComparison.Ordinal);
        Assert.DoesNotContain("not finite", unasked, StringComparison.Ordinal);

        byte[] Bytes(long bits) => BitConverter.GetBytes(bits)[..size];
    }

    [Fact]
    public async Task An_adapter_is_known_by_its_folder_too()
    {
        var (_, output, _) = await CommandRun.Of("inspect", Path.GetDirectoryName(Adapter)!, "--summary");

        Assert.Contains("MS-Diffusion adapter", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_belong_is_listed_and_cannot_steer_the_terminal()
    {
        SafetensorsWriter.Write(In("a.safetensors"), [Tensor("image_proj.proj.weight"), Tensor("ip_adapter.1.to_k_ip.weight"), Tensor("evil\u001b[2J\nname")]);

        var (code, output, _) = await CommandRun.Of("inspect", In("a.safetensors"));

        Assert.Equal(0, code);
        Assert.Contains("unknown 1 of 3 names: evil [2J name\n", Squeeze(output), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task A_model_folder_with_a_truncated_part_gets_one_line_that_names_it()
    {
        ShippedModel.CopyTo(folder.FullName);
        using (var weights = File.OpenWrite(In(Path.Combine("vae", "diffusion_pytorch_model.safetensors"))))
        {
            weights.SetLength(100_000);
        }

        var (code, output, error) = await CommandRun.Of("inspect", folder.FullName);

        Assert.Equal((ExitCode.Failed, ""), (code, output));
        Assert.Contains("vae", error, StringComparison.Ordinal);
        Assert.Contains("is truncated", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    // Two hostile pickles may be read as far as they are data, and one good pickle has another format's name.
    [Theory]
    [InlineData("safetensors/malformed", 1)]
    [InlineData("pickle/refuse", 2)]
    public async Task Each_bad_file_gets_one_line_and_runs_nothing(string group, int harmless)
    {
        var shipped = ShippedFolder.Find("tests", "Golden", "formats");
        var files = Directory.GetFiles(Path.Combine(shipped, group)).Where(file => !file.EndsWith("manifest.json", StringComparison.Ordinal)).ToArray();

        var (code, _, error) = await CommandRun.Of(["inspect", .. files, "--summary"]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.InRange(error.TrimEnd().Split('\n').Length, files.Length - harmless, files.Length);
        Assert.All(error.TrimEnd().Split('\n'), line => Assert.StartsWith($"error: {shipped}", line, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(shipped, "PWNED*", SearchOption.AllDirectories));
        Assert.False(File.Exists("PWNED"));
    }

    private static string Squeeze(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    private static TensorSource Tensor(string name) => new(name, TensorType.U8, [1, 768], () => new byte[768]);

    private string In(string name) => Path.Combine(folder.FullName, name);
}
