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
    public void Topics_take_turns_between_all_that_can_be_shared()
    {
        Write(folder, 4 * SceneGroups.OfTopic, references: 1);

        Assert.Equal(["drawn", "scene", "style", "subject"], Directory.EnumerateDirectories(folder).Select(kind => Path.GetFileName(kind)).Order());
    }

    [Fact]
    public void Only_what_was_asked_for_is_shared_and_its_groups_are_the_same_beside_others()
    {
        var (two, one) = (Path.Combine(folder, "two"), Path.Combine(folder, "one"));
        Write(two, 2 * SceneGroups.OfTopic, references: 1, GroupKind.Scene, GroupKind.Drawn);
        Write(one, SceneGroups.OfTopic, references: 1, GroupKind.Scene);

        Assert.Equal(["drawn", "scene"], Directory.EnumerateDirectories(two).Select(kind => Path.GetFileName(kind)).Order());
        Assert.All(
            Directory.EnumerateFiles(one, "*.png", SearchOption.AllDirectories),
            path => Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path.Replace(one, two, StringComparison.Ordinal))));
    }

    [Fact]
    public void A_drawn_subject_s_references_have_other_hands_than_its_target()
    {
        Write(Path.Combine(folder, "drawn"), 1, references: 3, GroupKind.Drawn);
        Write(Path.Combine(folder, "plain"), 1, references: 3, GroupKind.Subject);
        var (drawn, plain) = (Pictures("drawn"), Pictures("plain"));

        Assert.Equal(plain[^1], drawn[^1]);
        Assert.All(drawn.SkipLast(1).Zip(plain), pair => Assert.NotEqual(pair.Second, pair.First));

        byte[][] Pictures(string kind) =>
            [.. Directory.EnumerateFiles(Path.Combine(folder, kind), "*.png", SearchOption.AllDirectories).Order().Select(File.ReadAllBytes)];
    }

    [Fact]
    public void A_scene_s_words_leave_the_scene_to_its_pictures()
    {
        Write(folder, 2 * SceneGroups.OfTopic, references: 2, GroupKind.Scene);

        var words = Backgrounds.Kinds.Select(kind => kind.Words).Where(text => text.Length > 0).ToArray();
        Assert.All(GroupSet.Load(folder, Side, skipBad: false).SelectMany(group => group.Texts), text => Assert.DoesNotContain(words, text.Contains));
        Assert.All(
            MrGroupFolder.Read(folder, heldOut: 0, seed: 1).Select(group => group.Topic),
            topic => Assert.Contains(topic.Split('/')[1].Split('-')[0], Backgrounds.Kinds.Select(kind => kind.Name)));
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

    private void Write(string folder, int count, int references, params GroupKind[] kinds) =>
        new SceneGroups(BenchBank.Bank, 5, SubjectSplit.HeldOut, kinds.Length > 0 ? kinds : null).Write(folder, count, references, Token);
}
