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
    public async Task A_device_a_pipe_and_links_to_them_are_written_to_and_stay_what_they_are()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        File.CreateSymbolicLink(folder["null"], "/dev/null");
        System.Diagnostics.Process.Start("mkfifo", folder["pipe"]).WaitForExit();
        File.CreateSymbolicLink(folder["to-pipe"], folder["pipe"]);

        foreach (var path in new[] { "/dev/null", folder["null"] })
        {
            AtomicFile.Probe(path);
            AtomicFile.Write(path, stream => stream.Write("gone"u8));
        }

        var read = Task.Run(() => File.ReadAllBytes(folder["pipe"]));
        AtomicFile.Write(folder["to-pipe"], stream => stream.Write("through"u8));

        Assert.Equal("through"u8.ToArray(), await read);
        Assert.All(new[] { "/dev/null", folder["null"], folder["pipe"], folder["to-pipe"] }, path => Assert.True(SpecialFile.Is(path), path));
        Assert.Equal([folder["null"], folder["pipe"], folder["to-pipe"]], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_link_leads_to_is_replaced_and_not_the_link()
    {
        File.WriteAllText(folder["a.png"], "old");
        File.CreateSymbolicLink(folder["link.png"], folder["a.png"]);

        AtomicFile.Write(folder["link.png"], stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(folder["a.png"]));
        Assert.Equal(folder["a.png"], File.ResolveLinkTarget(folder["link.png"], returnFinalTarget: false)!.FullName);
        Assert.False(SpecialFile.Is(folder["a.png"]) || SpecialFile.Is(folder.Path) || SpecialFile.Is(folder["none"]));
    }

    [Fact]
    public void A_new_file_does_not_take_the_place_of_another()
    {
        Assert.True(AtomicFile.TryWriteNew(folder["a.png"], stream => stream.Write("first"u8)));
        Assert.False(AtomicFile.TryWriteNew(folder["a.png"], stream => stream.Write("second"u8)));

        // Not even of one that comes while it is written.
        Assert.False(AtomicFile.TryWriteNew(folder["b.png"], stream => File.WriteAllText(folder["b.png"], "other")));

        Assert.Equal("first", File.ReadAllText(folder["a.png"]));
        Assert.Equal("other", File.ReadAllText(folder["b.png"]));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void A_probe_leaves_no_file()
    {
        AtomicFile.Probe(folder["a.png"]);

        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
