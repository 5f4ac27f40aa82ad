using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Tests.Training.Records;
using Dramatis.Training.FastComposer;

namespace Dramatis.Tests.Training.FastComposer;

public sealed class RecordLabelsTests : IDisposable
{
    private static readonly double[][] Pair = [[0, 0, 40, 64], [10, 10, 20, 20]];

    private static readonly string[] Mask = ["mask.png"];

    private readonly RecordFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Boxes_stand_for_labels_and_the_smaller_lies_before_the_larger()
    {
        var read = Load(Own("a man in a hat", ["man", "hat"], Pair)).Read(0);

        Assert.Equal([5, 14], read.Segments.Select(segment => segment.End));
        Assert.Equal(2, read.Labels.Labels[(15 * 80) + 15]);
        Assert.Equal(1, read.Labels.Labels[(30 * 80) + 15]);
        Assert.Equal(0, read.Labels.Labels[(30 * 80) + 40]);
        Assert.Equal(100, read.Labels.Labels.Count(label => label == 2));
        Assert.Equal((40 * 64) - 100, read.Labels.Labels.Count(label => label == 1));
    }

    [Fact]
    public void A_mask_of_the_picture_itself_is_its_label()
    {
        var mask = Picture.Filled(80, 64, new(0, 0, 0));
        mask.Row(5)[(5 * 4)..(8 * 4)].Fill(255);
        PictureWriter.WritePng(folder.PathOf("part.png"), mask);
        var record = Own("a man in a hat", ["man", "hat"], Pair);
        record["reference_image_masks"] = new[] { "part.png", null };

        var read = Load(record).Read(0);
        var shown = read.Show(read.Segments[0], size => NoiseGround.Make(size, 1));

        Assert.Equal(3, read.Labels.Labels.Count(label => label == 1));
        Assert.Equal(new PixelSize(40, 64), shown.Size);
        Assert.Equal([200, 100, 50], shown.Crop(new(5, 5, 6, 6)).ToRgb());
        Assert.NotEqual([200, 100, 50], shown.Crop(new(0, 0, 1, 1)).ToRgb());
    }

    [Fact]
    public void Another_picture_shows_the_subject_and_its_mask_is_not_the_picture_s()
    {
        var read = Load(new Dictionary<string, object?>(RecordFolder.Good) { ["reference_image_masks"] = Mask }).Read(0);

        Assert.Equal(new PixelSize(30, 40), read.Show(read.Segments[0], size => NoiseGround.Make(size, 1)).Size);
        Assert.Equal(1, read.Labels.Labels[(30 * 80) + 30]);
        Assert.Equal(50 * 52, read.Labels.Labels.Count(label => label == 1));    // from 10.5 to 60, from 8 to 60: a middle on the edge counts
    }

    [Fact]
    public void Equal_phrases_are_found_one_after_another_and_only_as_whole_words()
    {
        var read = Load(Own("a postman, a Man and a man", ["man", "man"], Pair)).Read(0);

        Assert.Equal([16, 26], read.Segments.Select(segment => segment.End));
    }

    [Theory]
    [InlineData("a dog in a hat", "the text \"a dog in a hat\" does not name \"man\" at a place of its own")]
    [InlineData("a man in a boat", "does not name \"hat\"")]
    [InlineData("a man <|image|> in a hat", "has \"<|image|>\"")]
    public void A_record_that_does_not_name_its_subjects_is_refused_by_its_line_or_left_out(string text, string problem)
    {
        object[] records = [Own(text, ["man", "hat"], Pair), Own("a man in a hat", ["man", "hat"], Pair)];

        var error = Assert.Throws<InvalidDataSetException>(() => Load(records));
        var kept = Assert.Single(folder.Load(records).Sift(RecordLabels.Problem).Require(skipBad: true));

        Assert.Contains("1 of 2 records cannot be used, the first in line 1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, kept.Line);
    }

    [Fact]
    public void An_empty_mask_is_refused()
    {
        PictureWriter.WritePng(folder.PathOf("black.png"), Picture.Filled(80, 64, new(0, 0, 0)));
        var record = Own("a man in a hat", ["man", "hat"], Pair);
        record["reference_image_masks"] = new[] { null, "black.png" };

        var error = Assert.Throws<InvalidDataSetException>(() => Load(record).Read(0));

        Assert.Equal(folder.PathOf("black.png"), error.Path);
        Assert.Contains("has no pixel of \"hat\" in its box", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Own(string text, string[] phrases, double[][] boxes) =>
        new() { ["text"] = text, ["image_file"] = "truth.png", ["image_phrases"] = phrases, ["image_boxes"] = boxes };

    private RecordLabels Load(params object[] records) => new(folder.Path, folder.Load(records).Sift(RecordLabels.Problem).Require(skipBad: false));
}
