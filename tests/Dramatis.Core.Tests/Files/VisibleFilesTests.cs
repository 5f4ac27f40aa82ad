using Dramatis.Files;

namespace Dramatis.Tests.Files;

public sealed class VisibleFilesTests
{
    [Fact]
    public void Names_that_begin_with_a_dot_are_passed_over()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "1.jpg", "._1.jpg", ".DS_Store", "a/2.png", "a/._2.png", ".git/config" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllText(folder[name], "");
        }

        Assert.Equal([folder["1.jpg"]], VisibleFiles.In(folder.Path));
        Assert.Equal([folder["a"]], VisibleFiles.FoldersIn(folder.Path));
        Assert.Equal([folder["1.jpg"], folder["a/2.png"]], VisibleFiles.Below(folder.Path).Order(StringComparer.Ordinal));
    }
}
