using Dramatis.Cli.Host;
using Dramatis.TestKit;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis train ORDER.json</c> on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainOrderTests : IDisposable
{
    private const string Order = """
        {
          "settings": { "rank": 2, "layout": "kohya" },
          "method": "lora",
          "subjects": [ { "kind": "dog", "references": ["dog"] } ],
          "steps": 2, "resolution": 64, "output": "run"
        }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public TrainOrderTests()
    {
        ShippedSamples.CopyTo(PathOf("dog"), "dog", 3);
        File.WriteAllText(PathOf("learn.json"), Order);
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Slow]
    [Fact]
    public async Task What_a_file_orders_is_what_flags_order_bit_for_bit()
    {
        await Done("train", PathOf("learn.json"));
        await Done(
            "train", "lora", "--subject", "dog", "--references", PathOf("dog"), "--rank", "2", "--layout", "kohya", "--steps", "2", "--size", "64",
            "-o", PathOf("flags"));

        var files = Directory.GetFiles(PathOf("run"), "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("in-use", StringComparison.Ordinal))
            .ToList();
        Assert.Contains(PathOf("run", "model", "pytorch_lora_weights.safetensors"), files);
        Assert.All(files, file => Assert.Equal(
            File.ReadAllBytes(PathOf("flags", Path.GetRelativePath(PathOf("run"), file))), File.ReadAllBytes(file)));
    }

    [Slow]
    [Fact]
    public async Task It_goes_on_where_it_was_and_into_another_folder_if_told()
    {
        await Done("train", PathOf("learn.json"), "-o", PathOf("other"));
        await Write("learn.json", Order.Replace("\"steps\": 2", "\"steps\": 3", StringComparison.Ordinal));

        var report = await Done("train", PathOf("learn.json"), "-o", PathOf("other"), "--json");

        Assert.Contains("\"event\":\"started\",\"resumed\":true,\"step\":2,\"steps\":3", report, StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(PathOf("run")));
    }

    [Fact]
    public async Task The_sample_is_a_learning()
    {
        var report = await Done("train", Sample, "-o", PathOf("run"), "--dry-run");

        Assert.Contains("steps of ", report, StringComparison.Ordinal);
        Assert.False(Directory.Exists(PathOf("run")));
    }

    [Slow]
    [Fact]
    public async Task What_the_sample_learns_is_painted_with()
    {
        await Done("train", Sample, "-o", PathOf("run"));
        await Done(
            "paint", "a {toy} on a beach", "-s", $"toy=learned:{PathOf("run", "model", "learned_embeds.safetensors")}", "--steps", "2",
            "-o", PathOf("out.png"));
    }

    [Theory]
    [InlineData("lorra", ExitCode.WrongUsage, "'lorra' is nothing to train; did you mean \"lora\"? say vae")]
    [InlineData("none.json", ExitCode.Failed, "none.json: there is no such file")]
    [InlineData("learn.json --rank 3", ExitCode.WrongUsage, "there is no --rank")]
    [InlineData("--dry-run lora --subject dog --references dog -o run", ExitCode.WrongUsage, "'--dry-run' stands before 'lora'")]
    [InlineData("learn.json lora --subject dog --references dog -o run", ExitCode.WrongUsage, "learn.json' stands before 'lora'")]
    [InlineData("wrong.json", ExitCode.Failed, "error: settings.rnk: is unknown; did you mean \"rank\"?")]
    [InlineData("zero.json", ExitCode.Failed, "error: learning_rate: 0 is not above 0.")]
    [InlineData("nowhere.json", ExitCode.Failed, "error: output: is missing; name a folder for the run.")]
    public async Task A_mistake_is_named_before_anything_is_learned(string args, int expected, string words)
    {
        await Write("wrong.json", Order.Replace("rank", "rnk", StringComparison.Ordinal));
        await Write("zero.json", Order.Replace("\"steps\": 2", "\"learning_rate\": 0", StringComparison.Ordinal));
        await Write("nowhere.json", Order.Replace(", \"output\": \"run\"", "", StringComparison.Ordinal));

        var (code, _, error) = await CommandRun.Of(
        [
            "train",
            .. args.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(arg => arg.EndsWith(".json", StringComparison.Ordinal) ? PathOf(arg) : arg),
        ]);

        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Equal(expected, code);
        Assert.False(Directory.Exists(PathOf("run")));
    }

    private static string Sample => Path.Combine(ShippedFolder.Find("samples", "orders"), "learn.json");

    private static async Task<string> Done(params string[] args)
    {
        var (code, output, error) = await CommandRun.Of(args);
        Assert.True(code == 0, error);
        return output;
    }

    private Task Write(string file, string text) => File.WriteAllTextAsync(PathOf(file), text, TestContext.Current.CancellationToken);

    private string PathOf(params ReadOnlySpan<string> names) => Path.Combine([folder.FullName, .. names]);
}
