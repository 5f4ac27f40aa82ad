using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.TestKit;

namespace Dramatis.Tests.Packages;

/// <summary>What a developer has who has the packages alone.</summary>
[Slow]
public sealed partial class PackageTests(PackedPrograms packed) : IClassFixture<PackedPrograms>
{
    private const double LargestGrowth = 1.05;

    private static readonly string Panda = Convert.ToBase64String(File.ReadAllBytes(Repository.SubjectPicture("panda")));

    private static readonly string Order = $$"""
        {"prompt": "a {panda} on a beach", "seed": 3, "steps": 6, "size": [64, 64],
         "subjects": [{"phrase": "panda", "references": ["data:image/png;base64,{{Panda}}"], "place": [0.1, 0.2, 0.8, 0.9]}]}
        """;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_package_has_what_a_reader_of_it_looks_for()
    {
        var packages = Directory.GetFiles(packed.Feed, "*.nupkg");

        Assert.Equal(6, packages.Length);
        Assert.All(packages, package =>
        {
            using var zip = ZipFile.OpenRead(package);
            using var reader = new StreamReader(zip.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
            var about = reader.ReadToEnd();
            Assert.All(["README.md", "icon.png", "THIRD-PARTY-NOTICES.md"], name => Assert.NotEqual(0, zip.GetEntry(name)!.Length));
            Assert.Contains("<license type=\"expression\">MIT</license>", about, StringComparison.Ordinal);
            Assert.All(Others().Matches(about), other => Assert.Equal("[0.1.0]", other.Groups["version"].Value));
            Assert.True(File.Exists(Path.ChangeExtension(package, ".snupkg")), $"{package} has no symbols.");
        });
    }

    [Fact]
    public void A_program_without_a_libtorch_is_warned_when_it_is_built()
    {
        Assert.Contains("warning DRAMATIS001", packed.BuildBare("Bare"), StringComparison.Ordinal);
        Assert.DoesNotContain("warning", packed.BuildBare("Own", "<DramatisLibtorch>own</DramatisLibtorch>"), StringComparison.Ordinal);
    }

    // Also where no GTK is installed.
    [Fact]
    public void The_cutter_alone_cuts_a_photograph_out()
    {
        var photo = Path.Combine(packed.Folder, "ball.png");
        PictureWriter.WritePng(photo, BusyPhotograph.Make(96, 96));

        packed.BuildOf("Cutter", """
            var photo = Dramatis.Requests.Reference.FromFile(args[0]).Read("photo");
            Dramatis.Pictures.PictureWriter.WritePng(args[1], photo.Masked(new Dramatis.CutOut.GrabCut().Mask(photo)!));
            """, "Dramatis.CutOut");
        packed.Run(Path.Combine(packed.Folder, "Cutter", "bin", "Cutter"), packed.Folder, photo, "cut.png");

        var cut = PictureReader.Read(Path.Combine(packed.Folder, "cut.png"));
        Assert.Equal((new PixelSize(96, 96), true), (cut.Size, cut.HasAlpha));
    }

    [Fact]
    public void Ten_lines_paint_a_picture()
    {
        Assert.StartsWith("painted 1, ", Sample("first"), StringComparison.Ordinal);
        Assert.Equal("a {panda} on a beach", PictureRecord.Read(Path.Combine(packed.Folder, "out.png")).Request.Prompt);
    }

    [Fact]
    public void Steps_previews_and_pictures_come_while_they_are_painted()
    {
        var lines = Sample("stream").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.StartsWith("model ready", lines[0], StringComparison.Ordinal);
        Assert.Equal((40, 8, 2), (lines.Count(Says("step ")), lines.Count(Says("looks like this")), lines.Count(Says("done with seed"))));

        static Func<string, bool> Says(string words) => line => line.Contains($": {words}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_that_was_stopped_goes_on() => Assert.Equal("stopped\npainted 1\n", Sample("stop"));

    [Fact]
    public void Two_requests_at_once_take_turns_and_are_not_mixed() => Assert.Equal("the same as alone: True\n", Sample("together"));

    [Fact]
    public void Fifty_pictures_leave_memory_as_it_was_after_the_first_ten()
    {
        var memory = Memory().Matches(Sample("many")).Select(match => double.Parse(match.Groups["size"].Value, null)).ToArray();

        Assert.Equal(5, memory.Length);
        Assert.True(memory[^1] <= LargestGrowth * memory[0], $"MiB after each ten: {string.Join(", ", memory)}.");
    }

    [Fact]
    public void Other_faces_of_it_paint_too()
    {
        Assert.StartsWith("painted 1, ", Sample("ai"), StringComparison.Ordinal);
        Assert.EndsWith("painted 256x256\n", Sample("painter"), StringComparison.Ordinal);
        Assert.Equal(new(256, 256), Reference.FromFile(Path.Combine(packed.Folder, "out.webp")).Read("out").Size);
        Assert.Equal(new(256, 256), Reference.FromFile(Path.Combine(packed.Folder, "out.jpg")).Read("out").Size);
    }

    [Fact]
    public async Task A_minimal_api_takes_orders_as_json_and_paints_them_in_turn()
    {
        await using var service = await Service.StartAsync(packed);

        var alone = await service.PaintAsync(Order);
        var both = await Task.WhenAll(service.PaintAsync(Order), service.PaintAsync(Order.Replace("\"seed\": 3", "\"seed\": 4", StringComparison.Ordinal)));

        Assert.Equal(alone, both[0]);
        Assert.NotEqual(alone, both[1]);
        Assert.Equal(new(64, 64), Reference.FromBytes(alone).Read("picture").Size);
    }

    [Fact]
    public async Task It_streams_events_and_a_client_that_goes_away_stops_its_picture()
    {
        await using var service = await Service.StartAsync(packed);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var endless = service.PostAsync("/pictures", """{"prompt": "a dog", "steps": 1000, "count": 64}""", leave.Token);
        leave.CancelAfter(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);

        using var answer = await service.PostAsync("/events", Order, Test);
        var events = EventNames().Matches(await answer.Content.ReadAsStringAsync(Test)).Select(match => match.Groups["name"].Value).ToArray();

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal((6, 1, 1), (Count(nameof(StepDone)), Count(nameof(Preview)), Count(nameof(PictureDone))));

        int Count(string name) => events.Count(item => item == name);
    }

    [Theory]
    [InlineData("""{"prompt": "a dog", "image": "/etc/passwd"}""", "image")]
    [InlineData("""{"prompt": "a dog", "subjects": [{"phrase": "dog", "references": ["samples/subjects/dog.png"]}]}""", "subjects[0].references[0]")]
    [InlineData("""{"prompt": "a dog", "model": "models/toybox"}""", "model")]
    [InlineData("""{"prompt": "a dog", "stepps": 3}""", "stepps")]
    [InlineData("""{"prompt": "a dog", "steps": 0}""", "steps")]
    public async Task What_cannot_be_done_is_a_problem_with_its_field(string order, string field)
    {
        await using var service = await Service.StartAsync(packed);

        using var answer = await service.PostAsync("/pictures", order, Test);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Test)).GetProperty("field").GetString());
    }

    [GeneratedRegex(@"<dependency id=""Dramatis[^""]*"" version=""(?<version>[^""]*)""")]
    private static partial Regex Others();

    [GeneratedRegex(@": (?<size>\d+) MiB")]
    private static partial Regex Memory();

    [GeneratedRegex(@"^event: (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex EventNames();

    private string Sample(string name) => packed.Run(packed.Build("Library", "Microsoft.NET.Sdk"), packed.Folder, name);
}
