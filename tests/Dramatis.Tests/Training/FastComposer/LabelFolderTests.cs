using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Tests.Training.FastComposer;

public sealed class LabelFolderTests : IDisposable
{
    private static readonly int[] Flat = [4, 4, 4, 8];
    private static readonly int[] Three = [4, 4, 8];
    private static readonly int[] Outside = [4, 4, 21, 8];
    private static readonly int[] Elsewhere = [11, 0, 20, 16];

    private readonly LabelledFolder folder = new();

    public static TheoryData<string, object?, string> BadSegments() => new()
    {
        { "id", null, "segments[0].id is missing; give its number" },
        { "id", 1.5, "segments[0].id has a value of the wrong kind; numbers are whole ones" },
        { "id", "one", "segments[0].id has a value of the wrong kind" },
        { "end", null, "segments[0].end is missing" },
        { "end", 0, "subject 1 end where the caption \"a man and a woman\" has none" },
        { "end", -3, "has none" },
        { "end", 18, "has none" },
        { "end", int.MaxValue, "has none" },
        { "end", 17, "two subjects, one of them 2, have the same words of \"a man and a woman\", and one would be lost" },
        { "bbox", null, "segments[0].bbox is missing" },
        { "bbox", Flat, "segments[0].bbox [4, 4, 4, 8] is no box; write [left, top, right, bottom]" },
        { "bbox", Three, "segments[0].bbox [4, 4, 8] is no box" },
        { "coco_label", null, "segments[0].coco_label is missing; say what it is" },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_picture_comes_with_its_labels_and_the_words_of_its_subjects()
    {
        var read = folder.Load("person").Read(0);

        Assert.Equal(LabelledFolder.Caption, read.Caption);
        Assert.Equal(LabelledFolder.Size, read.Picture.Size);
        Assert.Equal([(1, 5, new PixelBox(0, 0, 10, 16)), (2, 17, new(10, 0, 20, 16))], read.Segments.Select(one => (one.Label, one.End, one.Place)));
        Assert.Empty(folder.Load("dog").Read(0).Segments);
    }

    [Fact]
    public void Ends_are_counted_as_Python_counts()
    {
        folder.WriteText("a 👩 with a man", new Dictionary<string, object?>(LabelledFolder.Man) { ["end"] = 3 });

        Assert.Equal("a 👩", folder.Load().Read(0).Caption[..folder.Load().Read(0).Segments[0].End]);
    }

    [Theory]
    [MemberData(nameof(BadSegments))]
    public void A_subject_that_cannot_be_used_is_known_before_training(string field, object? value, string problem)
    {
        folder.WriteText(LabelledFolder.Caption, new Dictionary<string, object?>(LabelledFolder.Man) { [field] = value }, LabelledFolder.Woman);

        AssertRefused(folder.File("json"), problem, () => folder.Load());
    }

    [Fact]
    public void A_list_of_ids_is_one_of_whole_numbers()
    {
        var list = folder.PathOf("image_ids_train.txt");
        folder.WriteIds("00001234", "../../etc/passwd");
        AssertRefused(list, "line 2: \"../../etc/passwd\" is no whole number", () => folder.Load());
        folder.WriteIds("");
        AssertRefused(list, "has no ids", () => folder.Load());
        File.Delete(list);
        AssertRefused(list, "one id a line", () => folder.Load());
        folder.WriteIds("00001235");
        AssertRefused(folder.PathOf("00001", "00001235.jpg"), "there is no such file", () => folder.Load());
    }

    [Fact]
    public void A_caption_has_to_be_there_and_has_no_placeholder()
    {
        folder.WriteText(null);
        AssertRefused(folder.File("json"), "caption is missing", () => folder.Load());
        folder.WriteText("a man <|image|>", LabelledFolder.Man);
        AssertRefused(folder.File("json"), "has \"<|image|>\"", () => folder.Load());
        File.WriteAllText(folder.File("json"), "[]");
        AssertRefused(folder.File("json"), "is not an object", () => folder.Load());
        File.WriteAllText(folder.File("json"), "null");
        AssertRefused(folder.File("json"), "is null", () => folder.Load());
    }

    [Fact]
    public void Labels_of_another_size_and_empty_masks_are_refused_by_the_file()
    {
        var data = folder.Load();
        folder.WriteLabels(LabelledFolder.Halves(new(16, 20)));
        AssertRefused(folder.File("npy"), "has 16x20 labels and its picture 20x16 pixels", () => data.Read(0));
        folder.WriteLabels(new(LabelledFolder.Size, new int[20 * 16]));
        AssertRefused(folder.File("npy"), "has no pixel of subject 1 in its box; draw its mask", () => data.Read(0));
    }

    [Fact]
    public void Boxes_lie_in_the_picture_and_have_something_of_their_subject()
    {
        folder.WriteText(LabelledFolder.Caption, new Dictionary<string, object?>(LabelledFolder.Man) { ["bbox"] = Outside });
        AssertRefused(folder.File("json"), "the bbox of subject 1 [4, 4, 21, 8] is not inside its picture of 20x16 pixels", () => folder.Load().Read(0));
        folder.WriteText(LabelledFolder.Caption, new Dictionary<string, object?>(LabelledFolder.Man) { ["bbox"] = Elsewhere });
        AssertRefused(folder.File("npy"), "has no pixel of subject 1", () => folder.Load().Read(0));
    }

    private static void AssertRefused(string path, string problem, Action work)
    {
        var error = Assert.Throws<InvalidDataSetException>(work);
        Assert.Equal(path, error.Path);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
