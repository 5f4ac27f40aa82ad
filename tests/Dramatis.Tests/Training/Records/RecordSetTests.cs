using Dramatis.Errors;
using Dramatis.Training.Records;

namespace Dramatis.Tests.Training.Records;

public sealed class RecordSetTests : IDisposable
{
    private static readonly double[][] Outside = [[10, 8, 90, 60]];
    private static readonly double[][] Empty = [[10, 8, 10, 60]];
    private static readonly double[][] Three = [[10, 8, 10]];
    private static readonly double[][] Narrow = [[3, 0, 3.4, 40]];
    private static readonly double[][] Fractions = [[.25, .5, .75, 1]];
    private static readonly string?[] OneSmall = ["small.png"];
    private static readonly string[] Two = ["reference.png", "reference.png"];
    private static readonly string?[] Nulls = [null];
    private static readonly string[] Blank = [" "];

    private readonly RecordFolder folder = new();

    public static TheoryData<string, object?, string> Bad() => new()
    {
        { "text", null, "text is missing" },
        { "image_file", "none.png", "none.png: there is no such file" },
        { "image_file", "text.png", "not a PNG, JPEG or WebP" },
        { "image_boxes", Outside, "image_boxes[0] [10, 8, 90, 60] is not inside its picture of 80x64 pixels" },
        { "image_boxes", Empty, "image_boxes[0] is empty" },
        { "image_boxes", Three, "image_boxes[0] has 3 numbers" },
        { "reference_image_boxes", Narrow, "holds no whole pixel" },
        { "reference_image_files", Two, "reference_image_files has 2 entries for 1 boxes" },
        { "reference_image_masks", OneSmall, "is 20x20, its reference 40x40" },
        { "reference_image_files", Nulls, "reference_image_files[0] is missing; name the picture" },
        { "image_phrases", Blank, "image_phrases[0] is empty" },
        { "image_phrases", "dog", "image_phrases has a value of the wrong kind" },
        { "box_units", "metres", "box_units is \"metres\"" },
        { "colour", "red", "\"colour\" is unknown" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_broken_record_is_known_by_its_line_and_field(string field, object? value, string problem)
    {
        var records = folder.Load(RecordFolder.Good, new Dictionary<string, object?>(RecordFolder.Good) { [field] = value });

        Assert.Single(records.Records);
        var found = Assert.Single(records.Problems);
        Assert.Equal(2, found.Line);
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_records_stop_the_training_unless_they_may_be_left_out()
    {
        var records = folder.Load(RecordFolder.Good, "{", RecordFolder.Good);

        var error = Assert.Throws<InvalidDataSetException>(() => records.Require(skipBad: false));

        Assert.Contains("1 of 3 records cannot be used, the first in line 2: is no valid JSON (byte ", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 3], records.Require(skipBad: true).Select(record => record.Line));
    }

    [Fact]
    public void More_subjects_than_the_training_takes_are_refused()
    {
        var many = new Dictionary<string, object?>(RecordFolder.Good)
        {
            ["image_phrases"] = Enumerable.Repeat("dog", 5),
            ["image_boxes"] = Enumerable.Repeat(Fractions[0], 5),
            ["box_units"] = "fractions",
            ["reference_image_files"] = null,
            ["reference_image_boxes"] = null,
        };

        Assert.Contains("has 5 subjects; the training takes 1 to 4", folder.Load(many).Problems[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_trainings_that_look_at_subjects_need_them()
    {
        const string Whole = """{"text": "a beach", "image_file": "truth.png"}""";

        Assert.Contains("image_boxes is missing", folder.Load(Whole).Problems[0].Problem, StringComparison.Ordinal);
        Assert.Empty(Assert.Single(RecordSet.Load(folder.Path, int.MaxValue, needsSubjects: false).Records).Subjects);
    }

    [Fact]
    public void A_data_set_without_good_records_and_a_missing_one_are_errors()
    {
        Assert.Contains("all of its 1 records are broken", Assert.Throws<InvalidDataSetException>(() => folder.Load("[]").Require(skipBad: true)).Message,
            StringComparison.Ordinal);
        Assert.Contains("has no records", Assert.Throws<InvalidDataSetException>(() => folder.Load("").Require(skipBad: true)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidDataSetException>(() => RecordSet.Load(Path.Combine(folder.Path, "none"), 4));
    }

    [Fact]
    public void Fractions_are_of_the_picture_and_without_references_it_is_its_own()
    {
        var records = folder.Load(new Dictionary<string, object?>(RecordFolder.Good)
        {
            ["image_boxes"] = Fractions,
            ["box_units"] = "fractions",
            ["reference_image_files"] = null,
            ["reference_image_boxes"] = null,
        });

        var subject = records.Require(skipBad: false)[0].Subjects[0];

        Assert.Equal(new(20, 32, 60, 64), subject.Place);
        Assert.Equal(new(20, 32, 60, 64), subject.Crop);
        Assert.Equal(folder.PathOf("truth.png"), subject.Reference);
    }
}
