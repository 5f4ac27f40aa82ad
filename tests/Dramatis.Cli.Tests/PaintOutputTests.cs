using System.Diagnostics;
using System.Text.RegularExpressions;
using Dramatis.Cli.Host;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Cli.Tests;

/// <summary>Where <c>dramatis paint</c> writes, and in what format.</summary>
[Collection(CommandRun.Collection)]
public sealed class PaintOutputTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("out.jpg", "FFD8FF")]
    [InlineData("OUT.JPEG", "FFD8FF")]
    [InlineData("out.webp", "52494646")]
    [InlineData("out.png", "89504E47")]
    public async Task The_ending_says_the_format_and_the_picture_repeats_itself(string name, string start)
    {
        var error = await Paint("-o", PathOf(name));
        var again = PathOf($"again-{name}");
        var (code, _, complaint) = await CommandRun.Of("paint", "--again", PathOf(name), "-o", again);

        Assert.True(code == 0, complaint);
        Assert.Contains(PathOf(name), error, StringComparison.Ordinal);
        Assert.StartsWith(start, Convert.ToHexString(Bytes(name)), StringComparison.Ordinal);
        Assert.Equal(Bytes(name), await File.ReadAllBytesAsync(again, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("out.txt")]
    [InlineData("out")]
    [InlineData("out.gif")]
    [InlineData("out.png.bak")]
    public async Task Another_ending_is_refused_before_anything_is_painted(string name)
    {
        var (code, _, error) = await CommandRun.Of("paint", "a dog", "--steps", "1", "-o", PathOf(name));

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("end the name in .png, .jpg, .jpeg or .webp", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(folder.GetFiles());
    }

    [Fact]
    public async Task A_name_that_is_taken_gets_a_number_unless_it_is_to_be_replaced()
    {
        await File.WriteAllTextAsync(PathOf("out.png"), "mine", TestContext.Current.CancellationToken);

        var second = await Paint("-o", PathOf("out.png"));
        await Paint("-o", PathOf("out.png"));

        Assert.Contains(PathOf("out-2.png"), second, StringComparison.Ordinal);
        Assert.Equal(["out-2.png", "out-3.png", "out.png"], Names());
        Assert.Equal("mine"u8, Bytes("out.png"));

        await Paint("-o", PathOf("out.png"), "--overwrite");

        Assert.Equal(["out-2.png", "out-3.png", "out.png"], Names());
        Assert.Equal(0x89, Bytes("out.png")[0]);
    }

    [Fact]
    public async Task Several_pictures_go_on_where_earlier_ones_ended()
    {
        await Paint("-o", PathOf("out.png"), "--count", "2");
        await Paint("-o", PathOf("out.png"), "--count", "2", "--preview-every", "1");
        await Paint("-o", PathOf("out.png"), "--count", "2", "--overwrite");

        Assert.Equal(["out-1.png", "out-2.png", "out-3.png", "out-3.preview.png", "out-4.png", "out-4.preview.png"], Names());
    }

    [Theory]
    [InlineData("")]
    [InlineData("new/")]
    public async Task A_folder_takes_pictures_under_the_usual_name(string name)
    {
        await Paint("-o", Path.Combine(folder.FullName, name));
        await Paint("-o", Path.Combine(folder.FullName, name));

        Assert.Equal(["out-2.png", "out.png"], Directory.GetFiles(Path.Combine(folder.FullName, name)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_device_stays_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/null");

        await Paint("-o", "/dev/null");

        Assert.Empty(await File.ReadAllBytesAsync("/dev/null", TestContext.Current.CancellationToken));
        Assert.True(Files.SpecialFile.Is("/dev/null"));
    }

    [Theory]
    [InlineData(ExitCode.WrongUsage, "leave out --json", "-o", "-", "--json")]
    [InlineData(ExitCode.Failed, "--preview-every: writes files beside the output", "-o", "-", "--preview-every", "1")]
    [InlineData(ExitCode.Failed, "3 pictures would follow each other", "-o", "-", "--count", "3")]
    public async Task What_one_stream_cannot_hold_is_refused(int expected, string words, params string[] flags)
    {
        var (code, output, error) = await CommandRun.Of(["paint", "a dog", "--steps", "1", .. flags]);

        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(words, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dash_is_standard_output()
    {
        using var paint = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(CommandLine).Assembly.Location, "paint", "a dog", "--steps", "1", "--seed", "5", "-o", "-"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.FullName,
        })!;
        using var written = new MemoryStream();
        await paint.StandardOutput.BaseStream.CopyToAsync(written, TestContext.Current.CancellationToken);
        await paint.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, paint.ExitCode);
        Assert.Equal(new(256, 256), PictureReader.Read(written.ToArray(), "-").Size);
        Assert.Empty(folder.GetFiles());
    }

    [Fact]
    public async Task A_seed_is_drawn_and_told_when_none_is_given()
    {
        var first = await Paint("-o", PathOf("a.png"));
        var second = await Paint("-o", PathOf("b.png"));
        var seed = Regex.Match(first, @"\(seed (\d+),").Groups[1].Value;
        await Paint("-o", PathOf("c.png"), "--seed", seed);

        Assert.DoesNotContain($"(seed {seed},", second, StringComparison.Ordinal);
        Assert.Equal(seed, $"{PictureRecord.Read(PathOf("a.png")).Request.Seed}");
        Assert.Equal(PictureReader.Read(PathOf("a.png")).Rgba, PictureReader.Read(PathOf("c.png")).Rgba);
    }

    private static async Task<string> Paint(params string[] flags)
    {
        var (code, _, error) = await CommandRun.Of(["paint", "a dog on a beach", "--steps", "1", .. flags]);
        Assert.True(code == 0, error);
        return error;
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    private IEnumerable<string> Names() => folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal);
}
