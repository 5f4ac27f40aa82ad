using Dramatis.Cli.Host;
using Dramatis.Pictures;
using Dramatis.TestKit;
using Dramatis.TestKit.Onnx;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Tests;

/// <summary>One's own photographs on the command line.</summary>
[Collection(CommandRun.Collection)]
public sealed class CutOutTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");
    private readonly string? data = Environment.GetEnvironmentVariable("DRAMATIS_DATA");

    public CutOutTests()
    {
        Environment.SetEnvironmentVariable("DRAMATIS_DATA", In("data"));
        PictureWriter.WritePng(In("ball.png"), BusyPhotograph.Make(96, 96));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("DRAMATIS_DATA", data);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_photograph_is_cut_out_shown_and_kept_whole_when_told_so()
    {
        var cut = await Paint("cut.png", "--save-cutouts", In("cutouts"));
        var whole = await Paint("whole.png", "--cut-out", "none");

        Assert.Contains($"ball is cut out of its ground: {In("cutouts/subject-1-1.png")}", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("cut out", whole, StringComparison.Ordinal);
        Assert.InRange(BusyPhotograph.OverlapOf(AlphaOf(In("cutouts/subject-1-1.png"))), .85, 1);
        Assert.NotEqual(PictureReader.Read(In("cut.png")).Rgba, PictureReader.Read(In("whole.png")).Rgba);
    }

    [Fact]
    public async Task A_photograph_is_cropped_to_its_subject_when_told_so()
    {
        var said = await Paint("cropped.png", "--cut-out", "crop", "--save-cutouts", In("crops"));

        Assert.Contains($"ball is cropped to where it stands: {In("crops/subject-1-1.png")}", said, StringComparison.Ordinal);
        var (cropped, photograph) = (PictureReader.Read(In("crops/subject-1-1.png")), PictureReader.Read(In("ball.png")));
        Assert.False(cropped.HasAlpha);
        Assert.InRange((double)(cropped.Width * cropped.Height) / (photograph.Width * photograph.Height), .1, .9);
    }

    [Fact]
    public async Task A_matting_model_of_the_user_s_cuts_instead()
    {
        var (code, _, error) = await CommandRun.Of("models", "add", "matte", ToyModels.WriteMatting(In("")), "--matting");
        Assert.True(code == 0, error);

        var said = await Paint("cut.png", "--save-cutouts", In("cutouts"));

        Assert.Contains("ball is cut out", said, StringComparison.Ordinal);
        var (_, list, _) = await CommandRun.Of("models");
        Assert.Contains($"kind     {ModelContents.Matting}", list, StringComparison.Ordinal);
        File.Delete(In("matting.onnx"));
        Assert.Contains("matting.onnx", (await CommandRun.Of("paint", "a {ball}", "-s", Ball, "-o", In("no.png"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_matting_model_is_not_remembered()
    {
        File.WriteAllText(In("none.onnx"), "not a network");

        var (code, _, error) = await CommandRun.Of("models", "add", "matte", In("none.onnx"), "--matting");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("is no ONNX model", error, StringComparison.Ordinal);
        Assert.DoesNotContain("matte", (await CommandRun.Of("models")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Masks_are_given_with_a_plus_or_lie_beside()
    {
        var mask = Picture.Filled(96, 96, Rgb.Black);
        mask.Rgba.AsSpan(0, 4 * 96 * 48).Fill(255);
        PictureWriter.WritePng(In("mask.png"), mask);

        var given = await Paint("given.png", $"ball={In("ball.png")}+{In("mask.png")}@0.2,0.2,0.8,0.8", []);
        File.Copy(In("mask.png"), In("ball.mask.png"));
        var beside = await Paint("beside.png");

        Assert.DoesNotContain("cut out", given + beside, StringComparison.Ordinal);
        Assert.Equal(PictureReader.Read(In("given.png")).Rgba, PictureReader.Read(In("beside.png")).Rgba);
    }

    private string Ball => $"ball={In("ball.png")}@0.2,0.2,0.8,0.8";

    private Task<string> Paint(string name, params string[] more) => Paint(name, Ball, more);

    private async Task<string> Paint(string name, string subject, string[] more)
    {
        var (code, _, error) = await CommandRun.Of(
            ["paint", "a {ball} on a beach", "-s", subject, "--steps", "1", "--size", "64x64", "--seed", "1", "-o", In(name), .. more]);
        Assert.True(code == 0, error);
        return error;
    }

    private static Picture AlphaOf(string path)
    {
        var picture = PictureReader.Read(path);
        var pixels = Enumerable.Range(0, picture.Width * picture.Height);
        return Picture.FromRgb([.. pixels.SelectMany(i => Enumerable.Repeat(picture.Rgba[(4 * i) + 3], 3))], picture.Size);
    }

    private string In(string name) => Path.Combine(folder.FullName, name);
}
