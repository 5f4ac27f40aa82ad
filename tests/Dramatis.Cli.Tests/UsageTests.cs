using System.CommandLine;
using System.CommandLine.Parsing;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary>What somebody meets who does not know the commands yet.</summary>
[Collection(CommandRun.Collection)]
public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("help")]
    [InlineData("help paint")]
    [InlineData("help train lora")]
    [InlineData("train")]
    [InlineData("bench")]
    [InlineData("merge")]
    [InlineData("toybox")]
    public async Task Who_asks_for_nothing_or_for_help_is_shown_it(string line)
    {
        var (code, help, error) = await Run(line);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Usage: dramatis", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pait \"a cat\"", "did you mean dramatis paint?")]
    [InlineData("txt2img \"a cat\"", "did you mean dramatis paint?")]
    [InlineData("version", "did you mean dramatis --version?")]
    [InlineData("modles check", "did you mean dramatis models?")]
    [InlineData("models chekc", "did you mean dramatis models check?")]
    [InlineData("models pull sd15", "nothing is downloaded here. docs/own-models.md says which files to get")]
    [InlineData("download sdxl", "'download' is no command: nothing is downloaded here.")]
    [InlineData("bench toybax", "did you mean dramatis bench toybox?")]
    [InlineData("\"a cat on a beach\"", "did you mean dramatis paint \"a cat on a beach\"?")]
    [InlineData("frobnicate", "'frobnicate' is no command. See 'dramatis --help'")]
    [InlineData("train lroa", "did you mean \"lora\"?")]
    [InlineData("train lora --subjct cat", "did you mean --subject?")]
    [InlineData("train lora --lr 1", "did you mean --rate?")]
    [InlineData("paint -- \"a cat\" --steps 5", "'--steps' stands behind --, where all is words; put flags before it.")]
    [InlineData("paint \"a cat\" --stpes 5", "there is no --stpes; did you mean --steps?")]
    [InlineData("paint --stpes 5", "there is no --stpes; did you mean --steps?")]
    [InlineData("paint \"a cat\" --cfg_scale 7", "did you mean --guidance?")]
    [InlineData("paint \"a cat\" --cfg=7", "there is no --cfg; did you mean --guidance?")]
    [InlineData("paint \"a cat\" --num-inference-steps 7", "did you mean --steps?")]
    [InlineData("paint \"a cat\" --strength .5", "did you mean --denoise?")]
    [InlineData("paint \"a cat\" --width 64", "did you mean --size?")]
    [InlineData("paint \"a cat\" -n 3", "did you mean --count?")]
    [InlineData("paint --prompt \"a cat\"", "the prompt stands by itself")]
    [InlineData("paint a cat on a beach", "put a prompt of several words in quotes")]
    [InlineData("paint \"a cat\" --xyzzy 1", "there is no --xyzzy. See 'dramatis paint --help'")]
    [InlineData("paint \"a cat\" --precision fp61", "'fp61' is unknown; did you mean \"fp16\"? there is fp32, fp16, bf16.")]
    [InlineData("train lora --subject cat --references x -o y --layout kohia", "did you mean \"kohya\"?")]
    [InlineData("bench learned cones2 -o x -- --stpes 3", "did you mean --steps?")]
    public async Task Who_errs_is_told_what_may_be_meant(string line, string expected)
    {
        var (code, _, error) = await Run(line);

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.NotEqual(0, code);
    }

    [Theory]
    [InlineData("--sampler eulr", "--sampler: \"eulr\" is unknown; did you mean \"euler\"?")]
    [InlineData("--sampler \"DPM++ 2M Karras\"", "did you mean \"dpmpp-2m\"?")]
    [InlineData("--sampler euler_a", "did you mean \"euler-ancestral\"?")]
    [InlineData("--schedule krras", "did you mean \"karras\"?")]
    [InlineData("--layout box", "did you mean \"boxes\"?")]
    [InlineData("--method msdiffusion", "--method: \"msdiffusion\" is unknown; did you mean \"ms-diffusion\"?")]
    [InlineData("--method xyzzy", "\"xyzzy\" is unknown; there is ms-diffusion")]
    [InlineData("--steps 0", "--steps: 0 is not between 1 and 1000.")]
    [InlineData("--binding 11", "--binding: 11 is not between 0 and 10.")]
    [InlineData("--steps 99999999999", "--steps: 99999999999 is too large.")]
    [InlineData("--steps -99999999999", "--steps: -99999999999 is too small.")]
    [InlineData("--steps 2.5", "--steps: '2.5' is not a whole number.")]
    [InlineData("--steps many", "--steps: 'many' is not a whole number.")]
    [InlineData("--guidance 7,5", "--guidance: '7,5' is not a number; write 7.5.")]
    [InlineData("--guidance nan", "--guidance:")]
    [InlineData("-s \"cat=cat.png@0.5,0,0.2,1\"", "--subject \"cat\", place:")]
    [InlineData("--lora a.safetensors*200", "--lora \"a.safetensors\"")]
    public async Task A_value_that_is_wrong_is_named_by_its_flag(string flags, string expected)
    {
        var (code, _, error) = await Run($"paint \"a cat\" {flags}");

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.NotEqual(0, code);
    }

    [Theory]
    [InlineData("paint none.json", "none.json: there is no such file; check the path.")]
    [InlineData("inspect none.safetensors", "none.safetensors: there is no such file; check the path.")]
    [InlineData("convert none.bin -o x.safetensors", "none.bin: there is no such file; check the path.")]
    [InlineData("paint \"a {cat}\" -s cat=none.png", "none.png: there is no such file; check the path.")]
    [InlineData("paint \"a {cat}\" -s cat=.", ".: is a folder, where a file is wanted")]
    [InlineData("paint --again none.png", "none.png: there is no such file; check the path.")]
    [InlineData("paint cat --lora none.safetensors", "none.safetensors: there is no such file; check the path.")]
    public async Task A_file_that_is_not_there_is_named_once(string line, string expected)
    {
        var (code, _, error) = await Run(line);

        Assert.Equal(ExitCode.Failed, code);
        Assert.EndsWith(expected + (expected.EndsWith('.') ? "" : "; name the file in it."), error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_no_prompt()
    {
        var picture = Path.Combine(ShippedFolder.Find("samples"), "subjects", "panda.png");

        var (code, _, error) = await CommandRun.Of("paint", picture);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"--again {picture} repeats one", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_flags_in_groups_with_the_usual_word_the_range_and_the_default()
    {
        var (_, help, _) = await CommandRun.Of("paint", "--help");
        var lines = string.Join(' ', help.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(
            ["Subjects", "Picture", "Sampling", "From pictures and with other weights", "Run", "Help"],
            help.Split('\n').Where(line => line.Length > 1 && line[0] != ' ' && line.TrimEnd().EndsWith(':')).Select(line => line.TrimEnd()[..^1]).Skip(2));
        Assert.Contains("(inference steps), 1 to 1000. [default: the model's]", lines, StringComparison.Ordinal);
        Assert.Contains("(CFG scale)", lines, StringComparison.Ordinal);
        Assert.Contains("(img2img strength)", lines, StringComparison.Ordinal);
        Assert.Contains("place (region)", lines, StringComparison.Ordinal);
        Assert.Contains("boxes, auto, whole. [default: boxes]", lines, StringComparison.Ordinal);
        Assert.Contains("[default: 0 1]", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_training_has_made_is_used_by_the_command_that_it_ends_with()
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-test-");
        ShippedSamples.CopyTo(Path.Combine(folder.FullName, "references of it"), "dog", pictures: 3);

        var (code, _, error) = await CommandRun.Of(
            "train", "textual-inversion", "--subject", "dog", "--references", Path.Combine(folder.FullName, "references of it"), "-o",
            Path.Combine(folder.FullName, "my run"), "--steps", "1", "--batch", "1", "--size", "64");
        var command = error.Split('\n').Single(line => line.StartsWith("try it: dramatis ", StringComparison.Ordinal))["try it: dramatis ".Length..].Trim();
        var (painted, _, problem) = await CommandRun.Of(
            [.. CommandLineParser.SplitCommandLine(command), "--steps", "1", "--size", "64x64", "-o", Path.Combine(folder.FullName, "out.png")]);

        Assert.StartsWith("loading ...", error, StringComparison.Ordinal);
        Assert.Equal((0, 0), (code, painted));
        Assert.DoesNotContain("error", problem, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.FullName, "out.png")));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("1", 4)]
    public async Task What_nobody_foresaw_is_one_line_with_what_to_do_and_its_place_where_that_is_asked_for(string? variable, int least)
    {
        var broken = new Command("broken");
        broken.SetAction((Action<ParseResult>)(_ => throw new InvalidOperationException("Sequence contains\nno elements")));
        Environment.SetEnvironmentVariable(Failure.Variable, variable);
        try
        {
            var (code, _, error) = await CommandRun.Of(() => CommandLine.RunAsync(() => broken, [], TestContext.Current.CancellationToken));
            var lines = error.TrimEnd().Split('\n');

            Assert.Equal(ExitCode.Failed, code);
            Assert.StartsWith(
                "error: InvalidOperationException: Sequence contains no elements This is a fault of Dramatis: please report it", lines[0], StringComparison.Ordinal);
            Assert.True(variable is null ? lines.Length == least : lines.Length >= least, error);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Failure.Variable, null);
        }
    }

    public static TheoryData<Exception, int, string> Ends() => new()
    {
        { new IOException("No space left on device"), ExitCode.Failed, "error: No space left on device Check the disk" },
        { new AggregateException(new InvalidCastException("x")), ExitCode.Failed, "error: InvalidCastException: x" },
        { new InsufficientMemoryException(), ExitCode.Failed, "error: the memory is used up" },
        { new TaskCanceledException(), ExitCode.Cancelled, "cancelled" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Each_end_has_its_line_and_its_exit_code(Exception error, int code, string line)
    {
        var failure = Failure.Of(error);

        Assert.Equal(code, failure.Code);
        Assert.StartsWith(line, failure.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clone_s_script_is_what_commands_begin_with_in_what_is_said()
    {
        Environment.SetEnvironmentVariable(ProgramName.Variable, "./dramatis");
        try
        {
            Assert.Contains("See './dramatis paint --help'", (await Run("paint --stpes 3")).Error, StringComparison.Ordinal);
            Assert.Contains("  ./dramatis paint samples", (await Run("paint --help")).Output, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(ProgramName.Variable, null);
        }
    }

    private static Task<(int Code, string Output, string Error)> Run(string line) => CommandRun.Of([.. CommandLineParser.SplitCommandLine(line)]);
}
