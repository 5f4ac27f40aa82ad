using Dramatis.Benches.MrBench;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using static TorchSharp.torch;

namespace Dramatis.Tests.Benches.MrBench;

/// <summary>A bench of two groups: pictures of one colour, whose feature is that colour.</summary>
public sealed class MrBenchRunTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly List<GenerationRequest> asked = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Scores_are_cosines_with_the_target_the_references_and_the_prompt()
    {
        var rows = Run(Options("first"));

        // Painted is what was shown first: red of the first group, blue of the second.
        Assert.Equal([1, 0], rows.Select(row => row.Scores.ClipITarget!.Value), Near);
        Assert.Equal([.5, 1], rows.Select(row => row.Scores.ClipIReferences!.Value), Near);
        Assert.Equal([2.5 / Math.Sqrt(3), 2.5 / Math.Sqrt(3)], rows.Select(row => row.Scores.ClipT!.Value), Near);
        Assert.All(rows, row => Assert.Null(row.Scores.DinoITarget));
        Assert.Equal(["held-in", "held-out"], rows.Select(row => row.Split));
    }

    [Fact]
    public void A_cosine_below_zero_counts_as_no_likeness_to_the_prompt() => Assert.Equal(0, new MrScores(null, null, -.2, null, null).ClipT);

    [Fact]
    public void A_group_is_one_subject_with_as_many_references_as_are_asked_for()
    {
        var rows = Run(Options("first") with { References = [1, 5], Samples = 2 });

        Assert.Equal(8, rows.Count);
        Assert.Equal([1, 1, 1, 1, 2, 2, 1, 1], rows.Select(row => row.References));
        Assert.Equal([1, 1, 1, 1, 2, 2], asked.Select(request => request.Subjects.Single().References.Count));    // what is there is not painted again
        Assert.Equal([7, 8, 9, 10, 7, 8], asked.Select(request => (int)request.Seed!.Value));
    }

    [Fact]
    public void Other_orders_are_the_same_each_time()
    {
        var options = Options("first") with { Shuffle = true, Samples = 8 };

        var first = Run(options).Select(row => string.Join(' ', row.Shown)).ToList();

        Assert.Equal(first, Run(options).Select(row => string.Join(' ', row.Shown)));
        Assert.Equal(3, first.Distinct().Count());    // two orders of the first group, one of the second
    }

    [Fact]
    public void What_was_learned_of_a_group_stands_for_its_references()
    {
        Run(Options("lora") with { Learned = "learned" });

        Assert.All(asked, request => Assert.Empty(request.Subjects.Single().References));
        Assert.Equal(Path.Combine("learned", "reds.safetensors"), asked[0].Subjects.Single().Learned.Single().Path);
    }

    [Fact]
    public void Methods_share_the_tables_and_the_same_pictures_give_the_same_tables()
    {
        MrRows.Merge(folder, Run(Options("b")));
        MrRows.Merge(folder, Run(Options("a")));
        var rows = MrRows.Merge(folder, Run(Options("b")));

        MrTable.Write(folder, rows, withReferences: false);
        var page = File.ReadAllText(Path.Combine(folder, "mrbench.html"));
        var table = MrTable.Text(rows, withReferences: false);
        Assert.Equal(4, rows.Count);
        Assert.Equal(["held-in | a", "held-in | b", "held-out | a", "held-out | b"], table.Split('\n').Skip(2).Take(4).Select(line => line[2..].Split(" | 1")[0].Split(" | 2")[0]));
        Assert.Contains("1.000 [1.000, 1.000]", table, StringComparison.Ordinal);
        Assert.Equal(table, MrTable.Text(rows, withReferences: false));
        Assert.Equal(5, MrTable.Csv(rows).TrimEnd().Split('\n').Length);
        Assert.Equal(2 + 2 + 3 + 2, page.Split("<img").Length - 1);    // references, targets and what was painted
    }

    [Fact]
    public void A_damaged_table_is_named()
    {
        File.WriteAllText(Path.Combine(folder, "mrbench.json"), "{");

        Assert.Contains("mrbench.json", Assert.Throws<InvalidDataSetException>(() => MrRows.Merge(folder, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_told_apart_by_when_steps_are_done()
    {
        var seconds = MrSeconds.Of([3, 4, 5, 6], all: 8, peak: 1);

        Assert.Equal((2, 4, 2), (seconds.Before, seconds.Steps, seconds.After));
    }

    private IReadOnlyList<MrRow> Run(MrBenchOptions options)
    {
        using var encoders = new MrEncoders(Colours, _ => ones(1, 3), null);
        return new MrBenchRun(options, encoders, Paint).Run([Group("reds", MrGroup.HeldIn, 7, "red", "green"), Group("blues", MrGroup.HeldOut, 9, "blue")]);
    }

    private MrBenchOptions Options(string label) => new() { Output = folder, Label = label, Method = "easyref" };

    private Picture Paint(GenerationRequest request, PaintWatch watch)
    {
        asked.Add(request);
        return request.Subjects[0].References is [var first, ..] ? PictureReader.Read(first.Path!) : Picture.Filled(8, 8, new(255, 0, 0));
    }

    private static Tensor Colours(IReadOnlyList<Picture> pictures) =>
        tensor(pictures.SelectMany(picture => picture.ToRgb()[..3].Select(value => (float)value)).ToArray()).view(-1, 3);

    private MrGroup Group(string id, string split, ulong seed, params IReadOnlyList<string> references) => new()
    {
        GroupId = id,
        Topic = id,
        Split = split,
        References = [.. references.Select(Colour)],
        Target = new() { Image = Colour("red"), Captions = ["a thing"] },
        Seed = seed,
    };

    private string Colour(string colour)
    {
        var path = Path.Combine(folder, $"{colour}.png");
        PictureWriter.WritePng(path, Picture.Filled(8, 8, colour switch { "red" => new(255, 0, 0), "green" => new(0, 255, 0), _ => new(0, 0, 255) }));
        return path;
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-6;
}
