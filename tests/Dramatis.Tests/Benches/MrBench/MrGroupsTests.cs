using Dramatis.Benches.MrBench;
using Dramatis.Errors;

namespace Dramatis.Tests.Benches.MrBench;

public sealed class MrGroupsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_folder_of_groups_is_written_and_read_back()
    {
        Group("people/ann", "1.png", "2.jpg", "3.webp");
        Group("people/bob", "1.png", "2.png");
        Group("styles/ink-wash", "a.png", "b.png");
        File.WriteAllText(Path.Combine(folder, "people", "ann", "3.txt"), "ann on a horse\nann riding\n");
        File.WriteAllText(Path.Combine(folder, "people", "bob", "caption.txt"), "bob at sea");
        File.WriteAllText(Path.Combine(folder, "people", "bob", "._2.png"), "");

        var built = MrGroupFolder.Read(folder, heldOut: .5, seed: 4);
        MrGroups.Write(Path.Combine(folder, MrGroups.FileName), built);
        var groups = MrGroups.Load(folder);

        Assert.Equal(["people/ann", "people/bob", "styles/ink-wash"], groups.Select(group => group.GroupId));
        Assert.Equal(["ann on a horse", "bob at sea", "ink wash"], groups.Select(group => group.Words));
        Assert.Equal([2, 1, 1], groups.Select(group => group.References.Count));
        Assert.All(groups, group => Assert.True(File.Exists(group.Target.Image)));
        Assert.Equal(groups[0].Split, groups[1].Split);    // topics are held out whole
        Assert.NotEqual(groups[0].Split, groups[2].Split);
    }

    [Fact]
    public void A_folder_without_groups_is_refused()
    {
        Group("lonely", "1.png");

        Assert.Contains(
            "has no folder with two pictures or more", Assert.Throws<InvalidDataSetException>(() => MrGroupFolder.Read(folder, .5, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"group_id": "a", "topic": "t", "split": "held-in", "references": [], "target": {"image": "1.png", "captions": ["x"]}}""", "references names no picture")]
    [InlineData("""{"group_id": "a", "topic": "t", "split": "held-in", "references": ["1.png"], "target": {"image": "1.png", "captions": []}}""", "target.captions is empty")]
    [InlineData("""{"group_id": "a", "topic": "t", "split": "train", "references": ["1.png"], "target": {"image": "1.png", "captions": ["x"]}}""", "split is \"train\"")]
    [InlineData("""{"group_id": "a", "topic": "t", "split": "held-in", "references": ["gone.png"], "target": {"image": "1.png", "captions": ["x"]}}""", "there is no picture")]
    [InlineData("""{"group_id": "a", "topic": "t", "split": "held-in", "references": ["1.png"]}""", "is no group of the bench: lacks target.")]
    [InlineData("""{"group_id": "a", "topik": "t"}""", "is no group of the bench: topik is unknown.")]
    [InlineData("""{"group_id": "a", "topic": "t", "split": "held-in", "references": [null], "target": {"image": "1.png", "captions": ["x"]}}""", "references names no picture, or a null")]
    [InlineData("""{"group_id": "a", "topic": "t", "split": "held-in", "references": ["1.png"], "target": null}""", "is no group of the bench: target has a value")]
    [InlineData("null", "is null")]
    [InlineData("nonsense", "is no group of the bench: is no valid JSON (byte 2).")]
    public void A_malformed_group_is_named_by_its_line(string line, string problem)
    {
        Group(".", "1.png");
        File.WriteAllText(Path.Combine(folder, MrGroups.FileName), $"\n{line}\n");

        var error = Assert.Throws<InvalidDataSetException>(() => MrGroups.Load(folder));

        Assert.Contains($"line 2: {problem}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_says_how_it_is_made() =>
        Assert.Contains("--build", Assert.Throws<InvalidDataSetException>(() => MrGroups.Load(folder)).Message, StringComparison.Ordinal);

    private void Group(string name, params string[] pictures)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        Array.ForEach(pictures, picture => File.WriteAllText(Path.Combine(path, picture), ""));
    }
}
