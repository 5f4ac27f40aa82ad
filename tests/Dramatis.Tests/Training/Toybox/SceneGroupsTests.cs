using Dramatis.Benches.MrBench;
using Dramatis.Tests.Toybox;
using Dramatis.Toybox;
using Dramatis.Training.EasyRef;
using Dramatis.Training.Records;
using Dramatis.Training.Toybox;

namespace Dramatis.Tests.Training.Toybox;

public sealed class SceneGroupsTests : IDisposable
{
    private const int Side = 336;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private CancellationToken Token { get; } = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_training_takes_every_group()
    {
        Write(folder, 10, references: 3);

        var groups = GroupSet.Load(folder, Side, skipBad: false);

        Assert.Equal(10, groups.Count);
        Assert.All(groups, group =>
        {
            Assert.Equal(3, group.References.Count);
            Assert.DoesNotContain(group.Target, group.References);
            Assert.NotEmpty(Assert.Single(group.Texts));
        });
    }

    [Fact]
    public void The_first_stages_take_each_picture_by_itself_and_so_does_an_IP_Adapter()
    {
        Write(folder, 6, references: 3);

        var singles = GroupSet.Load(Path.Combine(folder, SceneGroups.SinglesName), Side, skipBad: false);
        var records = RecordSet.Load(folder, mostSubjects: 1, needsSubjects: false).Records;

        Assert.Equal(6 * 4, singles.Count);
        Assert.All(singles, single => Assert.Equal([single.Target], single.References));
        Assert.Equal(singles.Select(single => single.Target), records.Select(record => record.Image));
        Assert.Subset(singles.Select(single => single.Target).ToHashSet(), GroupSet.Load(folder, Side, skipBad: false).Select(group => group.Target).ToHashSet());
    }

    [Fact]
    public void A_bench_is_made_of_them_with_whole_topics_held_out()
    {
        Write(folder, 4 * SceneGroups.OfTopic, references: 2);

        var groups = MrGroupFolder.Read(folder, heldOut: .5, seed: 1);

        Assert.Equal(4 * SceneGroups.OfTopic, groups.Count);
        Assert.Equal(4, groups.Select(group => group.Topic).Distinct().Count());
        Assert.All(groups, group => Assert.Equal(2, group.References.Count));
        Assert.Equal(2, groups.Where(group => group.Split == MrGroup.HeldOut).Select(group => group.Topic).Distinct().Count());
        Assert.Equal(
            GroupSet.Load(folder, Side, skipBad: false).Select(group => Assert.Single(group.Texts)).Order(), groups.Select(group => Assert.Single(group.Target.Captions)).Order());
    }

    [Fact]
    public void A_longer_data_set_begins_like_a_shorter_one()
    {
        var (shorter, longer) = (Path.Combine(folder, "short"), Path.Combine(folder, "long"));
        Write(shorter, 2, references: 1);
        Write(longer, 6, references: 1);

        Assert.All(
            Directory.EnumerateFiles(shorter, "*.png", SearchOption.AllDirectories),
            path => Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path.Replace(shorter, longer, StringComparison.Ordinal))));
    }

    private void Write(string folder, int count, int references) =>
        new SceneGroups(BenchBank.Bank, 5, SubjectSplit.HeldOut).Write(folder, count, references, Token);
}
