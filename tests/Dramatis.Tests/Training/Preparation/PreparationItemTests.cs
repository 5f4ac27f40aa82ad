using Dramatis.Errors;
using Dramatis.Training.Preparation;

namespace Dramatis.Tests.Training.Preparation;

public sealed class PreparationItemTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Pictures_stand_alone_and_frames_of_a_clip_in_pairs()
    {
        Touch("b.png", "b.txt", "a.JPG", "clip.txt", "clip/1.png", "clip/2.png", "clip/3.png", "more/c.webp", "notes.md");

        var items = PreparationItem.Find(folder, pairs: 1);

        Assert.Equal(["a.JPG", "b.png", "clip/1.png+3.png", "more/c.webp"], items.Select(item => item.Name));
        Assert.Equal(PathOf("clip/3.png"), items[2].Picture);
        Assert.Equal(PathOf("clip/1.png"), items[2].Reference);
        Assert.Equal([PathOf("clip/3.txt"), PathOf("clip.txt")], items[2].Captions);
    }

    [Fact]
    public void Names_that_begin_with_a_dot_are_passed_over()
    {
        Touch("a.jpg", "._a.jpg", ".DS_Store", ".thumbnails/a.png", "clip.txt", "clip/1.png", "clip/._1.png");

        Assert.Equal(["a.jpg", "clip/1.png"], PreparationItem.Find(folder, pairs: 1).Select(item => item.Name));
    }

    [Fact]
    public void Frames_are_taken_at_equal_distances_and_not_more_than_there_are()
    {
        Touch(["long.txt", "short.txt", "one.txt", "one/1.png", "short/1.png", "short/2.png", .. Enumerable.Range(0, 10).Select(i => $"long/{i}.png")]);

        var items = PreparationItem.Find(folder, pairs: 3);

        Assert.Equal(["long/0.png+3.png", "long/3.png+6.png", "long/6.png+9.png", "one/1.png", "short/1.png+2.png"], items.Select(item => item.Name));
        Assert.Null(items[3].Reference);
    }

    [Fact]
    public void A_folder_of_results_among_the_pictures_is_left_out()
    {
        Touch("a.png", "records/masks/a.png-0.png");

        Assert.Single(PreparationItem.Find(folder, 1, except: PathOf("records/masks")));
        Assert.Equal(2, PreparationItem.Find(folder, 1).Count);
    }

    [Fact]
    public void A_folder_without_pictures_and_a_missing_one_are_errors()
    {
        Assert.Contains("has no pictures", Assert.Throws<InvalidDataSetException>(() => PreparationItem.Find(folder, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataSetException>(() => PreparationItem.Find(PathOf("none"), 1));
    }

    private void Touch(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
            File.WriteAllText(PathOf(name), "");
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
