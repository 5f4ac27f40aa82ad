using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.TestKit.Onnx;
using Dramatis.Training.Preparation;
using Dramatis.Training.Records;

namespace Dramatis.Tests.Training.Preparation;

public sealed class RecordPreparationTests : IDisposable
{
    private static readonly Rgb Magenta = ShapeScenes.Things[0].Colour;
    private static readonly Rgb Lime = ShapeScenes.Things[1].Colour;
    private static readonly PixelBox Left = new(4, 20, 60, 100);
    private static readonly PixelBox Right = new(70, 30, 120, 90);

    private readonly ToyFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Subjects_of_toy_scenes_are_found_where_they_were_drawn()
    {
        var scenes = new ShapeScenes(folder.PathOf("bank")).Write(folder.PathOf("data"), 12);

        var summary = folder.Prepare(folder.Options() with { Filters = new() { MinArea = .03 } });

        var records = RecordSet.Load(folder.PathOf("records"), 4).Require(skipBad: false);
        Assert.Equal((12, 12, 24), (summary.Items, summary.Records, summary.Subjects));
        foreach (var record in records)
        {
            var scene = scenes[int.Parse(Path.GetFileNameWithoutExtension(record.Image), System.Globalization.CultureInfo.InvariantCulture)];
            Assert.Equal(scene.Caption, record.Text);
            Assert.All(record.Subjects, subject => Assert.True(
                Iou(scene.Parts.Single(part => part.Phrase == subject.Phrase).Tight, subject.Crop) > .9, $"{record.Image} {subject}"));
        }
    }

    [Fact]
    public void A_mask_covers_its_subject_and_nothing_else()
    {
        folder.Write("data/1.png", "a magenta wall beside a lime wall", (128, 128), (Magenta, Left), (Lime, Right));

        folder.Prepare();

        var subjects = RecordSet.Load(folder.PathOf("records"), 4).Require(skipBad: false)[0].Subjects;
        Assert.Equal(["magenta wall", "lime wall"], subjects.Select(subject => subject.Phrase));
        Assert.Equal([Left, Right], subjects.Select(subject => subject.Crop));
        var mask = PictureReader.Read(subjects[0].Mask!);
        Assert.All(Enumerable.Range(0, 128 * 128), i => Assert.Equal(
            i % 128 >= Left.Left && i % 128 < Left.Right && i / 128 >= Left.Top && i / 128 < Left.Bottom ? 255 : 0, mask.Rgba[4 * i]));
    }

    [Fact]
    public void A_subject_is_matched_with_itself_in_the_other_frame()
    {
        // One word for both: only the colour tells them apart.
        ToyThing[] things = [new("wall", Lime), new("wall", Magenta)];
        folder.Write("data/clip/1.png", null, (128, 128), (Lime, Left), (Magenta, Right));
        folder.Write("data/clip/2.png", null, (128, 128), (Magenta, Left));
        File.WriteAllText(folder.PathOf("data/clip.txt"), "a wall");

        folder.Prepare(things: things);

        var record = RecordSet.Load(folder.PathOf("records"), 4).Require(skipBad: false).Single();
        Assert.EndsWith("2.png", record.Image, StringComparison.Ordinal);
        var subject = record.Subjects.Single();
        Assert.EndsWith("1.png", subject.Reference, StringComparison.Ordinal);
        Assert.Equal(Left, new((int)subject.Place.Left, (int)subject.Place.Top, (int)subject.Place.Right, (int)subject.Place.Bottom));
        Assert.Equal(Right, subject.Crop);
    }

    [Fact]
    public void Frames_that_show_other_things_give_no_record()
    {
        ToyThing[] things = [new("wall", Lime), new("wall", Magenta)];
        folder.Write("data/clip/1.png", null, (128, 128), (Lime, Left));
        folder.Write("data/clip/2.png", null, (128, 128), (Magenta, Left));
        File.WriteAllText(folder.PathOf("data/clip.txt"), "a wall");

        Assert.Equal(1, folder.Prepare(things: things).Skipped[SkipReason.NoMatch]);
    }

    [Fact]
    public void What_is_left_out_is_said_with_the_reason()
    {
        folder.Write("data/blank.png", " \n", (128, 128));
        folder.Write("data/good.png", "a magenta wall", (128, 128), (Magenta, Left));
        folder.Write("data/nothing.png", "a tree and a lime wall", (128, 128), (Lime, new(0, 0, 8, 8)));
        folder.Write("data/two.png", "two magenta walls", (128, 128), (Magenta, Left));
        folder.Write("data/without.png", null, (128, 128));
        File.WriteAllText(folder.PathOf("data/broken.png"), "no picture");
        File.WriteAllText(folder.PathOf("data/broken.txt"), "a lime wall");
        var skipped = new Dictionary<string, ItemSkipped>();

        var summary = folder.Prepare(watch: done =>
        {
            if (done is ItemSkipped item)
            {
                skipped.Add(item.Item, item);
            }
        });

        Assert.Equal(1, summary.Records);
        Assert.Contains("blank.txt is empty", skipped["blank.png"].Problem, StringComparison.Ordinal);
        Assert.Contains("without.txt", skipped["without.png"].Problem, StringComparison.Ordinal);
        Assert.Equal("no subject: tree (score 0.018 is under 0.3), lime wall (area 0.004 is under 0.08).", skipped["nothing.png"].Problem);
        Assert.Equal(SkipReason.NoPhrase, skipped["two.png"].Reason);
        Assert.Contains("not a PNG, JPEG or WebP", skipped["broken.png"].Problem, StringComparison.Ordinal);
        Assert.Equal(5, skipped.Count);
        Assert.Equal(2, summary.Skipped[SkipReason.NoCaption]);
    }

    [Fact]
    public void A_stopped_run_goes_on_where_it_was_and_ends_with_the_same_records()
    {
        new ShapeScenes(folder.PathOf("bank")).Write(folder.PathOf("data"), 4);
        folder.Prepare(folder.Options("whole"));
        Assert.Throws<OperationCanceledException>(() => folder.Prepare(stopAfter: 2));
        File.AppendAllText(folder.PathOf("records/prepared.jsonl"), "{\"item\":\"2.png\",\"reco");    // killed while it wrote
        File.WriteAllText(folder.PathOf("data/0.png"), "is not looked at again");

        folder.Prepare();

        Assert.Equal(File.ReadAllText(folder.PathOf("whole/records.jsonl")), File.ReadAllText(folder.PathOf("records/records.jsonl")));
    }

    [Fact]
    public void What_could_not_be_read_is_tried_again()
    {
        folder.Write("data/1.png", null, (128, 128), (Magenta, Left));
        Assert.Equal(0, folder.Prepare().Records);

        File.WriteAllText(folder.PathOf("data/1.txt"), "a magenta wall");

        Assert.Equal(1, folder.Prepare().Records);
    }

    [Fact]
    public void A_folder_does_not_go_on_with_other_filters_or_models()
    {
        folder.Write("data/1.png", "a magenta wall", (128, 128), (Magenta, Left));
        folder.Prepare();

        var filters = Assert.Throws<InvalidDataSetException>(() => folder.Prepare(folder.Options() with { Filters = new() { MinFill = .7 } }));
        Assert.Contains("was begun with other models, settings or filters", filters.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataSetException>(() => folder.Prepare(things: [new("magenta", Lime)]));
    }

    [Fact]
    public void A_damaged_journal_and_numbers_that_make_no_sense_are_errors()
    {
        folder.Write("data/1.png", "a magenta wall", (128, 128), (Magenta, Left));
        folder.Prepare();
        File.AppendAllText(folder.PathOf("records/prepared.jsonl"), "{}\n");

        Assert.Contains("is damaged", Assert.Throws<InvalidDataSetException>(() => folder.Prepare()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidRequestException>(() => folder.Prepare(folder.Options() with { Pairs = 0 }));
        Assert.Throws<InvalidRequestException>(() => folder.Prepare(folder.Options() with { MostSubjects = 0 }));
    }

    private static double Iou(Box tight, PixelBox crop)
    {
        const double Side = ToyFolder.Side;
        var found = new Box(crop.Left / Side, crop.Top / Side, crop.Right / Side, crop.Bottom / Side);
        return tight.Iou(found);
    }
}
