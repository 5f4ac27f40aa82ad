using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_full_disk_keeps_the_older_file_and_leaves_nothing_else()
    {
        File.WriteAllText(folder["a.png"], "old");

        var error = Assert.Throws<OutputNotWrittenException>(() => AtomicFile.Write(folder["a.png"], stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device", 28);
        }));

        Assert.Contains("the disk is full; make room or choose another folder.", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["a.png"]));
        Assert.Equal([folder["a.png"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Whatever_stops_the_writer_leaves_nothing()
    {
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(folder["a.png"], _ => throw new OperationCanceledException()));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_missing_folder_and_one_in_the_way_are_told_before_the_work()
    {
        var missing = Assert.Throws<OutputNotWrittenException>(() => AtomicFile.Probe(Path.Combine(folder.Path, "none", "a.png")));
        var inTheWay = Assert.Throws<OutputNotWrittenException>(() => AtomicFile.Probe(folder.Path));

        Assert.Contains("does not exist; create it", missing.Message, StringComparison.Ordinal);
        Assert.Contains("a folder of that name is in the way", inTheWay.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_leaves_no_file()
    {
        AtomicFile.Probe(folder["a.png"]);

        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
