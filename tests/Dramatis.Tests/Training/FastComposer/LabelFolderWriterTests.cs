using Dramatis.Pictures;
using Dramatis.Training.FastComposer;

namespace Dramatis.Tests.Training.FastComposer;

public sealed class LabelFolderWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var labels = new int[80 * 64];
        labels.AsSpan(0, 40).Fill(1);
        labels.AsSpan(80 * 30, 5).Fill(2);
        PictureSegment[] segments = [new(2, 18, new(0, 30, 5, 31)), new(1, 8, new(0, 0, 40, 1))];
        var shown = new LabelledPicture(Picture.Filled(80, 64, new(200, 100, 50)), new(new(80, 64), labels), "🐈 a man and a dog", segments);
        var hidden = shown with { Segments = [new(3, 8, new(0, 0, 80, 64))] };

        var count = LabelFolderWriter.Write(folder, new Some(hidden, shown), TestContext.Current.CancellationToken);
        var read = LabelFolder.Load(folder);
        var people = LabelFolder.Load(folder, split: null, kinds: ["person"]);

        Assert.Equal((1, 1, 1), (count, read.Count, people.Count));
        var back = read.Read(0);
        Assert.Equal(labels, back.Labels.Labels);
        Assert.Equal((shown.Caption, shown.Picture.Size), (back.Caption, back.Picture.Size));
        Assert.Equal(segments, back.Segments);
        Assert.Equal(segments[1], Assert.Single(people.Read(0).Segments));
        Assert.True(File.Exists(Path.Combine(folder, "00000", "00000001.jpg")));
    }

    private sealed class Some(params LabelledPicture[] pictures) : ILabelledPictures
    {
        public int Count => pictures.Length;

        public LabelledPicture Read(int index) => pictures[index];
    }
}
