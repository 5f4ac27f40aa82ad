using System.Text.Json;
using Dramatis.Cli.Host;
using Dramatis.TestKit;

namespace Dramatis.Cli.Tests;

/// <summary>The commands that learn subjects as weights or words, on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainSubjectTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public TrainSubjectTests() => Put("dog", 3);

    private string Output => Path.Combine(folder.FullName, "run");

    private string Model => Path.Combine(Output, "model");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_LoRA_is_learned_and_painted_with()
    {
        await Learn("lora", "--rank", "2", "--text-encoder", "--layout", "kohya", "--prior", "1");

        await Paint("a {sks dog} on a beach", "-s", $"sks dog=learned:{Path.Combine(Model, "pytorch_lora_weights.safetensors")}");
        Assert.Equal("sks dog", Record().GetProperty("phrase").GetString());
        Assert.Equal(2, Record().GetProperty("rank").GetInt32());
        Assert.Single(Directory.GetFiles(Path.Combine(Output, "prior"), "*.png", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_word_is_learned_and_painted_with()
    {
        await Learn("textual-inversion", "--vectors", "2");

        var file = Path.Combine(Model, "learned_embeds.safetensors");
        await Paint("a {dog} on a beach", "-s", $"dog=learned:{file}");
        await Paint("a <dog> on a beach", "--lora", file);
        Assert.Equal("<dog>", Record().GetProperty("phrase").GetString());
    }

    [Slow]
    [Fact]
    public async Task A_style_is_learned_and_painted_with()
    {
        await Learn("textual-inversion", "--style", "--word", "<tom>");

        await Paint("a beach in the style of <tom>", "--lora", Path.Combine(Model, "learned_embeds.safetensors"));
        Assert.True(Record().GetProperty("style").GetBoolean());
    }

    [Slow]
    [Fact]
    public async Task A_kind_of_several_tokens_is_begun_with_too()
    {
        var (code, _, error) = await CommandRun.Of(
            "train", "textual-inversion", "--subject", "extraordinary creature", "--references", References("dog"), "-o", Output, "--size", "64", "--dry-run");

        Assert.True(code == 0, error);
    }

    [Slow]
    [Fact]
    public async Task A_model_is_tuned_and_painted_with()
    {
        await Learn("dreambooth", "--prior", "1", "--min-snr", "5");

        await Paint("a photo of sks dog", "--model", Model);
    }

    [Slow]
    [Fact]
    public async Task Two_concepts_are_learned_together_and_painted_with()
    {
        Put("rose", 3);

        await Learn("custom-diffusion", "--subject", "rose", "--references", References("rose"), "--prior", "1");

        var weights = Path.Combine(Model, "pytorch_custom_diffusion_weights.safetensors");
        await Paint(
            "a <new1> dog and a <new2> rose", "--lora", weights, "--lora", Path.Combine(Model, "<new1>.safetensors"), "--lora",
                Path.Combine(Model, "<new2>.safetensors"));
        Assert.Equal("<new1> dog, <new2> rose", Record().GetProperty("phrase").GetString());
        Assert.Equal(6, Record().GetProperty("pictures").GetInt32());
    }

    [Slow]
    [Fact]
    public async Task A_run_goes_on_for_more_steps_but_not_with_another_recipe()
    {
        await Learn("lora", "--rank", "2");

        var (code, _, error) = await Train("lora", "--steps", "1", "--size", "64", "--batch", "1", "--rank", "4");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("was begun with rank 2, not 4", error, StringComparison.Ordinal);

        var (more, _, report) = await Train("lora", "--steps", "2", "--size", "64", "--batch", "1", "--rank", "2");
        Assert.Equal(0, more);
        Assert.Contains("goes on after 1 of 2 steps", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("textual-inversion")]
    [InlineData("dreambooth")]
    [InlineData("custom-diffusion")]
    public async Task A_dry_run_says_how_long_and_writes_nothing(string method)
    {
        var (code, output, error) = await Train(method, "--steps", "100", "--size", "64", "--dry-run");

        Assert.True(code == 0, error);
        Assert.Contains("100 steps of ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Theory]
    [InlineData("lora", ExitCode.Failed, "rank: 0 is less than 1", "--rank", "0")]
    [InlineData("lora", ExitCode.Failed, "no layer of the model ends in nowhere", "--layers", "nowhere")]
    [InlineData("lora", ExitCode.WrongUsage, "'sd' is unknown; there is ", "--layout", "sd")]
    [InlineData("lora", ExitCode.Failed, "is 2 words for 1 subjects", "--word", "sks", "--word", "zwx")]
    [InlineData("lora", ExitCode.Failed, "names 1 folders for 2 subjects", "--subject", "rose")]
    [InlineData("textual-inversion", ExitCode.Failed, "vectors: 0 is less than 1", "--vectors", "0")]
    [InlineData("textual-inversion", ExitCode.Failed, "tokens for this model", "--initializer", "extraordinary creature")]
    [InlineData("textual-inversion", ExitCode.Failed, "learns one subject at a time", "--subject", "rose")]
    [InlineData("dreambooth", ExitCode.WrongUsage, "--min-snr takes a number above 0", "--min-snr", "0")]
    [InlineData("custom-diffusion", ExitCode.Failed, "is no entry of the model's vocabulary", "--initializer", "no such entry")]
    public async Task A_mistake_is_named_before_anything_is_learned(string method, int expected, string words, params string[] args)
    {
        var (code, _, error) = await Train(method, args);

        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Equal(expected, code);
        Assert.False(Directory.Exists(Output));
    }

    private async Task Learn(string method, params string[] args)
    {
        var (code, _, error) = await Train(method, ["--steps", "1", "--size", "64", "--batch", "1", .. args]);
        Assert.True(code == 0, error);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Output, "samples"), "*.png"));
    }

    private async Task Paint(params string[] args)
    {
        var picture = Path.Combine(folder.FullName, "out.png");
        var (code, _, error) = await CommandRun.Of(["paint", .. args, "--steps", "2", "--size", "64x64", "-o", picture]);
        Assert.True(code == 0, error);
        File.Delete(picture);
    }

    private Task<(int Code, string Output, string Error)> Train(string method, params string[] args) =>
        CommandRun.Of(["train", method, "--subject", "dog", "--references", References("dog"), "-o", Output, .. args]);

    private JsonElement Record() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Model, "subject.json"))).RootElement;

    private string References(string subject) => Path.Combine(folder.FullName, subject);

    private void Put(string subject, int pictures) => ShippedSamples.CopyTo(References(subject), subject, pictures);
}
