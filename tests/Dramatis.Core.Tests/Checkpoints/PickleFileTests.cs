using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Pickles;
using Dramatis.Errors;

namespace Dramatis.Tests.Checkpoints;

public sealed class PickleFileTests
{
    // A few of the hostile files claim or unfold to gigabytes.
    private const long Modest = 256 << 20;

    private static string Folder => Path.Combine(GoldenFolder.Of("formats"), "pickle");

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_file_is_refused_at_modest_cost(string name)
    {
        var path = Path.Combine(Folder, "refuse", name);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<InvalidCheckpointException>(() => ReadAll(path));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Modest);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Facts_beside_the_tensors_are_metadata()
    {
        using var file = PickleFile.Open(Path.Combine(Folder, "valid", "zip_nested.pt"));

        Assert.Equal("3", file.Metadata["epoch"]);
        Assert.Contains("state_dict.w", file.Tensors.Keys);
    }

    [Fact]
    public void A_parameter_is_told_from_a_tensor()
    {
        using var file = PickleFile.Open(Path.Combine(Folder, "valid", "zip_parameters.pt"));

        var isParameter = ((PickleMapping)file.Contents).Entries.ToDictionary(
            entry => ((PickleText)entry.Key).Value, entry => ((PickleTensor)entry.Value).IsParameter);
        Assert.True(isParameter["p"]);
        Assert.False(isParameter["grad"]);
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        using var file = PickleFile.Open(Path.Combine(Folder, "valid", "zip_simple.pt"));

        var error = Assert.Throws<InvalidCheckpointException>(() => file.Read("nothing", []));

        Assert.Contains("'nothing'", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Hostile() =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "refuse")).Select(Path.GetFileName).OfType<string>().Where(name => name != "manifest.json").Order()];

    private static void ReadAll(string path)
    {
        using var file = PickleFile.Open(path);
        foreach (var entry in file.Tensors.Values)
        {
            file.Read(entry.Name, new byte[entry.ByteCount]);
        }
    }
}
