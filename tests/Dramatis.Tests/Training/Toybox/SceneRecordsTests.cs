using Dramatis.Tests.Toybox;
using Dramatis.Pictures;
using Dramatis.Training.Records;
using Dramatis.Training.Toybox;

namespace Dramatis.Tests.Training.Toybox;

public sealed class SceneRecordsTests : IDisposable
{
    private const int Count = 12;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private CancellationToken Token { get; } = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_training_takes_every_record()
    {
        Write(folder, Count);

        var records = RecordSet.Load(folder, mostSubjects: 4);

        Assert.Empty(records.Problems);
        Assert.Equal(Count, records.Records.Count);
        Assert.Contains(records.Records, record => record.Subjects.Count > 1);
    }

    [Fact]
    public void A_longer_data_set_begins_like_a_shorter_one()
    {
        var (shorter, longer) = (Path.Combine(folder, "short"), Path.Combine(folder, "long"));
        Write(shorter, 3);
        Write(longer, 5);

        Assert.Equal(Lines(shorter), Lines(longer)[..3]);
        Assert.All(
            Directory.EnumerateFiles(shorter, "*.png", SearchOption.AllDirectories),
            path => Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path.Replace(shorter, longer, StringComparison.Ordinal))));
    }

    [Fact]
    public void A_reference_shows_what_stands_in_its_place()
    {
        Write(folder, Count);

        foreach (var record in RecordSet.Load(folder, mostSubjects: 4).Records.Where(record => record.Subjects.Count == 1))
        {
            var subject = record.Subjects[0];
            var scene = PictureReader.Read(record.Image).Resize(new(8, 8), ResizeFilter.Box, subject.Place);
            var reference = PictureReader.Read(subject.Reference).Resize(new(8, 8), ResizeFilter.Box);

            // The middle of the box is the subject nearly everywhere, whatever the grounds.
            Assert.InRange(Difference(scene, reference, 3, 5), 0, 60);
        }
    }

    [Fact]
    public void Cancelling_leaves_no_file_of_records()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => Maker().Write(folder, Count, stopped.Token));
        Assert.False(File.Exists(Path.Combine(folder, RecordSet.FileName)));
    }

    [Fact]
    public void Large_scenes_are_lit_and_have_larger_references()
    {
        new SceneRecords(BenchBank.Bank, seed: 1, side: 256).Write(folder, 1, Token);

        var scene = PictureReader.Read(Path.Combine(folder, "scenes", "000000.png"));
        var reference = PictureReader.Read(Path.Combine(folder, "references", "000000-1.png"));
        Assert.Equal((256, 128), (scene.Width, reference.Width));
    }

    private void Write(string output, int count) => Maker().Write(output, count, Token);

    private static SceneRecords Maker() => new(BenchBank.Bank, seed: 1);

    private static string[] Lines(string output) => File.ReadAllLines(Path.Combine(output, RecordSet.FileName));

    private static double Difference(Picture a, Picture b, int from, int to) => Enumerable.Range(from, to - from)
        .SelectMany(y => Enumerable.Range(4 * from, 4 * (to - from)).Select(x => Math.Abs(a.Row(y)[x] - b.Row(y)[x])))
        .Average();
}
