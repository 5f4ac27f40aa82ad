using Dramatis.TestKit;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis bench learned</c> on the embedded model, as small as it goes.</summary>
[Collection(CommandRun.Collection)]
public sealed class BenchLearnedTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_learned_and_painted_is_measured_and_not_done_again()
    {
        string[] wanted = ["--subjects", "2", "--together", "1", "2", "--orders", "1", "--steps", "1", "--", "--steps", "1", "--size", "64"];

        var (code, output, error) = await Run(["cones2", .. wanted]);
        Assert.True(code == 0, error);
        var times = Times();
        var (codeAgain, outputAgain, _) = await Run(["cones2", .. wanted]);

        Assert.Equal(0, codeAgain);
        Assert.Equal(output, outputAgain);
        Assert.Equal(times, Times());
        Assert.Contains("| 1 | cones2 |", output, StringComparison.Ordinal);
        Assert.Contains("| 2 | cones2 |", output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.FullName, "*.png").Length);
    }

    [Slow]
    [Fact]
    public async Task Methods_that_read_pictures_stand_in_the_same_table()
    {
        var (code, output, error) = await Run("ms-diffusion", "--subjects", "2", "--together", "2", "--orders", "1", "--steps", "1");

        Assert.True(code == 0, error);
        Assert.Contains("| 2 | ms-diffusion |", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder.FullName, "ms-diffusion-boxes-2.png"));
    }

    [Fact]
    public async Task A_folder_that_was_begun_with_other_options_is_refused()
    {
        string[] wanted = ["cones2", "--subjects", "1", "--together", "1", "--orders", "1", "--steps", "1", "--", "--size", "64", "--steps"];
        var (code, _, error) = await Run([.. wanted, "1"]);
        Assert.True(code == 0, error);

        Assert.Contains("--steps 1 (seed 1)\"; give the same", (await Run([.. wanted, "2"])).Error, StringComparison.Ordinal);
    }

    [Slow]
    [Theory]
    [InlineData("lora", "boxes")]
    [InlineData("textual-inversion", "boxes", "--batch", "1", "--initializer", "dog")]
    [InlineData("custom-diffusion", "whole", "--batch", "1", "--prior", "0")]
    [InlineData("dreambooth", "whole", "--prior", "0")]
    public async Task Methods_that_change_weights_or_words_are_measured(string method, string layout, params string[] training)
    {
        var (code, output, error) = await Run(
            [method, "--subjects", "1", "--together", "1", "--orders", "1", "--steps", "1", "--layout", layout, "--", "--steps", "1", "--size", "64",
                .. training]);

        Assert.True(code == 0, error);
        Assert.Contains($"| 1 | {method}", output, StringComparison.Ordinal);
    }

    [Slow]
    [Fact]
    public async Task Subjects_of_Custom_Diffusion_are_merged_to_be_painted_together()
    {
        var (code, output, error) = await Run(
            "custom-diffusion", "--subjects", "2", "--together", "2", "--orders", "1", "--steps", "1", "--layout", "whole",
            "--", "--steps", "1", "--size", "64", "--batch", "1", "--prior", "0");

        Assert.True(code == 0, error);
        Assert.Contains("| 2 | custom-diffusion (no places) |", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(folder.FullName, "custom-diffusion", "together")));
    }

    [Slow]
    [Fact]
    public async Task Subjects_of_DreamBooth_are_learned_together_to_be_painted_together()
    {
        var (code, output, error) = await Run(
            "dreambooth", "--subjects", "2", "--together", "2", "--orders", "2", "--steps", "1", "--layout", "whole", "--", "--steps", "1", "--size", "64",
                "--prior", "0");

        Assert.True(code == 0, error);
        Assert.Contains("| 2 | dreambooth (no places) |", output, StringComparison.Ordinal);
        var cast = Assert.Single(Directory.GetDirectories(Path.Combine(folder.FullName, "dreambooth", "together")));
        Assert.Contains("\"steps\": 2,", File.ReadAllText(Path.Combine(cast, "model", "subject.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is cones2, cones", "easy")]
    [InlineData("ms-diffusion takes no options of a training; leave \"--steps 1\" out", "ms-diffusion", "--", "--steps", "1")]
    [InlineData("--masks: ms-diffusion learns from no pictures, and is shown a subject without its ground; leave it out", "ms-diffusion", "--masks")]
    [InlineData("4 are more than the 2 subjects", "cones2", "--subjects", "2")]
    [InlineData("takes numbers from 1 to 6", "cones2", "--together", "7")]
    [InlineData("dreambooth cannot be told places", "dreambooth", "--together", "1")]
    [InlineData("--stepz", "cones2", "--subjects", "4", "--", "--stepz", "1")]
    public async Task A_mistake_is_named(string words, params string[] args)
    {
        var (code, _, error) = await Run(args);

        Assert.NotEqual(0, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> Run(params string[] args) =>
        CommandRun.Of(["bench", "learned", "-o", folder.FullName, .. args]);

    // Tables and sheets are written anew; what took hours is not.
    private DateTime[] Times() =>
    [
        .. Directory.GetFiles(Path.Combine(folder.FullName, "cones2"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(File.GetLastWriteTimeUtc),
    ];
}
