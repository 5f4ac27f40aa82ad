using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.EasyRef;

namespace Dramatis.Tests.Training.EasyRef;

public sealed class GroupSetTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public GroupSetTests()
    {
        foreach (var (name, width, height) in new[] { ("a.png", 40, 30), ("b.png", 30, 40), ("c.png", 36, 36), ("strip.png", 900, 3) })
        {
            PictureWriter.WritePng(Path.Combine(folder, name), Picture.Filled(width, height, new(200, 90, 40)));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void All_published_kinds_of_records_are_read()
    {
        var records = Load("""
            [
              {"image_file": ["a.png"], "text": ["one", "two"], "target": "a.png"},
              {"face": [[1, 2, 20, 25, 0.99]], "text": "a man", "target": "a.png"},
              {"face": [[[1, 2, 20, 25, 0.99], [3, 3, 4, 4, 0.5]]], "text": "nested as in the description", "target": "a.png"},
              {"image_file": "b.png", "text": [], "target": "a.png", "topic": "not read"},
              {"image_file": ["b.png", "c.png"], "target": "a.png"}
            ]
            """);

        Assert.Equal([1, 0, 0, 1, 2], records.Select(record => record.References.Count));
        Assert.Equal([2, 1, 1, 0, 0], records.Select(record => record.Texts.Count));
        Assert.Equal(new FaceBox(1, 2, 20, 25), records[1].Face);
        Assert.Equal(records[1].Face, records[2].Face);
        Assert.All(records, record => Assert.True(Path.IsPathRooted(record.Target)));
    }

    [Fact]
    public void A_folder_stands_for_the_file_in_it()
    {
        File.WriteAllText(Path.Combine(folder, GroupSet.FileName), """[{"image_file": "b.png", "target": "a.png"}]""");

        Assert.Single(GroupSet.Load(folder, 336, skipBad: false));
    }

    [Theory]
    [InlineData("""{"image_file": "b.png", "text": "x"}""", "target is missing; name the picture to learn to paint.")]
    [InlineData("""{"target": "a.png"}""", "image_file names no picture; name those of the group, or give the boxes of a face in the target.")]
    [InlineData("""{"image_file": [], "target": "a.png"}""", "image_file names no picture")]
    [InlineData("""{"image_file": ["b.png", "gone.png"], "target": "a.png"}""", "image_file[1]: ")]
    [InlineData("""{"image_file": "strip.png", "target": "a.png"}""", "image_file[0]: 900x3 pixels are too long a strip for references of about 336x336")]
    [InlineData("""{"image_file": 3, "target": "a.png"}""", "image_file is no text and no list of texts.")]
    [InlineData("""{"face": [[]], "target": "a.png"}""", "face has no box; write [[left, top, right, bottom, score]] in pixels of the target.")]
    [InlineData("""{"face": [[9, 2, 3, 25]], "target": "a.png"}""", "face has no box")]
    [InlineData("""{"face": [[1, 2, 9, 9]], "image_file": "b.png", "target": "a.png"}""", "has image_file and face")]
    [InlineData("""7""", "is no object")]
    public void A_broken_record_is_named_with_its_cure(string record, string problem)
    {
        var error = Assert.Throws<InvalidDataSetException>(() => Load($$"""[{"image_file": "b.png", "target": "a.png"}, {{record}}]"""));

        Assert.Contains($"1 of 2 records cannot be used, the first in record 2: {problem}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_records_are_left_out_where_that_is_asked_for()
    {
        List<string> broken = [];
        File.WriteAllText(Path.Combine(folder, "some.json"), """[{"image_file": "gone.png", "target": "a.png"}, {"image_file": "b.png", "target": "a.png"}]""");

        var records = GroupSet.Load(Path.Combine(folder, "some.json"), 336, skipBad: true, broken.Add);

        Assert.Equal(2, Assert.Single(records).Number);
        Assert.Contains("record 1: image_file[0]: ", Assert.Single(broken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "is no list")]
    [InlineData("[", "is no valid JSON")]
    [InlineData("[{]", "is no valid JSON (byte 3)")]
    [InlineData("[]", "has no records.")]
    [InlineData("""[{"target": "\ud800"}]""", "target has a character that is none")]
    public void A_file_that_is_no_data_set_is_refused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataSetException>(() => Load(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("gone.json: there is no such file; check the path; a data set of groups is", Assert.Throws<InvalidDataSetException>(
            () => GroupSet.Load(Path.Combine(folder, "gone.json"), 336, skipBad: false)).Message, StringComparison.Ordinal);

    private IReadOnlyList<GroupRecord> Load(string text)
    {
        var file = Path.Combine(folder, "set.json");
        File.WriteAllText(file, text);
        return GroupSet.Load(file, 336, skipBad: false);
    }
}
