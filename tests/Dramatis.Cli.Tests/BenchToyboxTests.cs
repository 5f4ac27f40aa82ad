using System.Text.Json;
using Dramatis.Benches.Toybox;
using Dramatis.Cli.Commands;
using Dramatis.Cli.Host;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.TestKit;
using Dramatis.Toybox;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis bench toybox</c>, with a painter that paints nothing.</summary>
[Collection(CommandRun.Collection)]
public sealed class BenchToyboxTests
{
    private readonly List<BenchPainting> asked = [];
    private readonly List<IReadOnlyList<ToyboxOrder>> seen = [];

    [Fact]
    public async Task The_painter_is_told_how_to_paint_and_its_pictures_are_judged()
    {
        var (code, output, error) = await Run(
            "--orders", "1", "--subjects", "1", "2", "--named", "0", "--method", "ip-adapter", "--layout", "auto", "--binding", "2", "--strength", "1.5",
                "--start", "0.25", "--json");

        Assert.True(code == 0, error);
        var painting = Assert.Single(asked);
        Assert.Equal(("ip-adapter", 1.5, LayoutMode.Auto, 2.0), (painting.Method, painting.Strength, painting.Layout.Mode, painting.Layout.Binding));
        Assert.Equal(.25, painting.Start);
        var lines = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal([1, 2], lines.Select(line => line.GetProperty("crops").GetInt32()));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("missing").GetDouble(), .5, 1));    // grey pictures have no subjects
    }

    [Theory]
    [InlineData("--strength", "5", "from 0 to 4")]
    [InlineData("--binding", "11", "from 0 to 10")]
    [InlineData("--start", "1.5", "from 0 to 1")]
    [InlineData("--subjects", "7", "from 1 to 6")]
    [InlineData("--orders", "0", "above 0")]
    [InlineData("--loose", "1.5", "from 0 to 1")]
    [InlineData("--references", "9", "from 1 to 8")]
    public async Task A_number_that_makes_no_sense_is_named(string option, string value, string rule)
    {
        var (code, _, error) = await Run(option, value);

        Assert.NotEqual(0, code);
        Assert.Contains($"{option} takes", error, StringComparison.Ordinal);
        Assert.Contains(rule, error, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task Words_alone_are_of_subjects_that_training_has_seen()
    {
        var bank = SubjectBank.Load(Path.Combine(Path.GetDirectoryName(ShippedFolder.Find("docs"))!, "bench", "toybox"));

        var (code, _, error) = await Run("--orders", "2", "--subjects", "2", "--named", "0", "--words", "common");

        Assert.True(code == 0, error);
        Assert.True(Assert.Single(asked).ByWords);
        Assert.All(seen.Single().SelectMany(order => order.Subjects), subject => Assert.Contains(subject.Subject, bank.Common));
        Assert.NotEqual(0, (await Run("--words", "all", "--ground", "photo", "--photos", "samples")).Code);
        Assert.Contains("--words gives no references", (await Run("--words", "all", "--references", "2")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_stand_on_photographs_and_are_cut_out_unless_told_otherwise()
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-test-");
        PictureWriter.WritePng(Path.Combine(folder.FullName, "photo.png"), BusyPhotograph.Make(320, 240));
        string[] args = ["--orders", "1", "--subjects", "1", "--named", "0", "--ground", "photo", "--photos", folder.FullName];

        Assert.Equal(0, (await Run(args)).Code);
        Assert.Equal(0, (await Run([.. args, "--cut-out", "crop"])).Code);
        Assert.Equal(0, (await Run([.. args, "--cut-out", "none"])).Code);

        Assert.Equal([CutOutMode.Auto, CutOutMode.Crop, CutOutMode.None], asked.Select(painting => painting.CutOutMode));
        Assert.All(asked, painting => Assert.NotNull(painting.CutOut));
        Assert.All(seen, orders =>
        {
            var size = Assert.Single(orders.Single().Subjects).Reference.Size;
            Assert.Equal(256, Math.Max(size.Width, size.Height));
            Assert.NotEqual(size.Width, size.Height);    // in the shape of what it shows
        });
        Assert.Contains("go together", (await Run("--ground", "photo")).Error, StringComparison.Ordinal);
        Assert.Contains("--cut-out says what becomes of photographs", (await Run("--cut-out", "crop")).Error, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var command = BenchCommand.Create((_, painting, _) =>
        {
            asked.Add(painting);
            return orders =>
            {
                seen.Add(orders);
                return [.. orders.Select(order => Picture.Filled(order.Composed.Width, order.Composed.Height, Rgb.Gray(128)))];
            };
        });
        return CommandRun.Of(() => command.Parse(["toybox", .. args]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
    }
}
