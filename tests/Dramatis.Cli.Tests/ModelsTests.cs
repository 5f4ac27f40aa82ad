using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis models</c>.</summary>
[Collection(CommandRun.Collection)]
public sealed class ModelsTests : IDisposable
{
    private const string DataVariable = "DRAMATIS_DATA";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");
    private readonly string? before = Environment.GetEnvironmentVariable(DataVariable);

    public ModelsTests()
    {
        Environment.SetEnvironmentVariable(DataVariable, In("data"));
        File.Copy(Path.Combine(ShippedModel.Folder, "adapters", "ms-diffusion", "adapter.safetensors"), In("ms.safetensors"));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(DataVariable, before);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_model_paints_by_its_name_until_it_is_removed()
    {
        Assert.Equal(0, (await CommandRun.Of("models", "add", "mine", ShippedModel.Folder, "--licence", "MIT")).Code);
        Assert.Equal(0, (await Paint("mine")).Code);
        var removed = await CommandRun.Of("models", "remove", "mine");
        Assert.Equal(0, removed.Code);
        Assert.Equal("mine is forgotten; its files are where they were", removed.Error.TrimEnd());

        var (code, _, error) = await Paint("mine");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("error: mine: is no folder or file, and no name of the catalogue, which has toybox. 'dramatis models add' adds one.", error.TrimEnd().Split('\n')[^1]);
    }

    [Theory]
    [InlineData("canny", "--control", "canny=DOG", "controlnet_cond_embedding.conv_in.weight", "conv_in.weight")]
    [InlineData("style", "--lora", "style*0.5", "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight")]
    public async Task What_goes_with_a_model_is_found_by_its_name_too(string name, string option, string value, params string[] tensors)
    {
        var file = In("weights.safetensors");
        SafetensorsWriter.Write(file, [.. tensors.Select(tensor => new TensorSource(tensor, TensorType.U8, [1, 768], () => new byte[768]))]);
        Assert.Equal(0, (await CommandRun.Of("models", "add", name, file)).Code);

        var (code, _, error) = await CommandRun.Of("paint", "a dog", option, value.Replace("DOG", ShippedSamples.Dog, StringComparison.Ordinal), "-o",
            In("out.png"));

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"error: {file}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("paint", "a dog")]
    [InlineData("bench", "toybox")]
    [InlineData("train", "cones2", "--subject", "cat", "--references", "SUBJECTS", "-o", "run")]
    public async Task Every_command_that_takes_a_model_takes_a_name(params string[] args)
    {
        var (code, _, error) = await CommandRun.Of([.. args.Select(text => text == "SUBJECTS" ? ShippedSamples.Folder : text), "--model", "nobody-knows"]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("nobody-knows: is no folder or file, and no name of the catalogue", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_says_what_each_can_do()
    {
        await CommandRun.Of("models", "add", "ms", In("ms.safetensors"));

        var (_, text, _) = await CommandRun.Of("models");
        var (_, json, _) = await CommandRun.Of("models", "list", "--json");

        Assert.Contains("text     192 wide", text, StringComparison.Ordinal);
        Assert.Contains("can      text-to-image, easyref, fastcomposer, ip-adapter, ms-diffusion", text, StringComparison.Ordinal);
        Assert.Contains("kind     MS-Diffusion adapter", text, StringComparison.Ordinal);
        var lines = json.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["toybox", "ms"], lines.Select(line => line.GetProperty("name").GetString()));
        Assert.Equal("weights", lines[1].GetProperty("form").GetString());
        Assert.Equal(64, lines[1].GetProperty("sha256").GetString()?.Length);
    }

    [Fact]
    public async Task A_check_finds_what_has_changed()
    {
        await CommandRun.Of("models", "add", "ms", In("ms.safetensors"));
        Assert.Equal((0, "ok      toybox\nok      ms\n"), Result(await CommandRun.Of("models", "check")));
        File.Delete(In("ms.safetensors"));

        var (code, output, _) = await CommandRun.Of("models", "check", "--json");

        Assert.Equal(ExitCode.Failed, code);
        var last = JsonDocument.Parse(output.TrimEnd().Split('\n')[1]).RootElement;
        Assert.False(last.GetProperty("ok").GetBoolean());
        Assert.Contains("no such folder or file", last.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "there is no such folder or file", "models", "add", "mine", "nowhere")]
    [InlineData(1, "\"toybox\" is taken", "models", "add", "toybox", "nowhere")]
    [InlineData(1, "comes with the program", "models", "remove", "toybox")]
    [InlineData(1, "is not in the catalogue", "models", "remove", "mine")]
    [InlineData(2, "models add --help", "models", "add", "mine")]
    public async Task A_mistake_gets_one_line_and_its_exit_code(int expected, string words, params string[] args)
    {
        var (code, output, error) = await CommandRun.Of(args);

        Assert.Equal(expected, code);
        Assert.Empty(output);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static (int Code, string Output) Result((int Code, string Output, string Error) run) => (run.Code, run.Output.ReplaceLineEndings("\n"));

    private Task<(int Code, string Output, string Error)> Paint(string model) =>
        CommandRun.Of("paint", "a dog", "--model", model, "--steps", "1", "--size", "64x64", "-o", In("out.png"));

    private string In(string name) => Path.Combine(folder.FullName, name);
}
