using Dramatis.Benches.MrBench;
using Dramatis.Pictures;
using Dramatis.Tests.Toybox;
using Dramatis.Toybox;
using Dramatis.Training.Toybox;

namespace Dramatis.Tests.Benches.MrBench;

public sealed class GroupJudgeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Targets_of_drawn_groups_are_nearest_to_their_own_and_strangers_are_not()
    {
        new SceneGroups(BenchBank.Bank, seed: 3, SubjectSplit.HeldOut).Write(folder, 96, references: 3, TestContext.Current.CancellationToken);
        MrGroup[] groups = [.. MrGroupFolder.Read(folder, heldOut: 0, seed: 1).Select(group => group with
        {
            References = [.. group.References.Select(file => Path.Combine(folder, file))],
            Target = group.Target with { Image = Path.Combine(folder, group.Target.Image) },
        })];
        var judge = new GroupJudge(groups, BenchBank.Bank);

        foreach (var kind in groups.GroupBy(group => GroupJudge.KindOf(group.Topic)))
        {
            MrGroup[] all = [.. kind];
            var own = all.Count(group => judge.Judge(group, PictureReader.Read(group.Target.Image))!.IsRight);
            var strangers = all.Count(group => judge.Judge(group, PictureReader.Read(all.First(other => other.Topic != group.Topic).Target.Image))!.IsRight);

            // A subject may stand behind another thing's colours: the judge of whole pictures is right of half of them.
            Assert.InRange((double)own / all.Length, .5, 1);
            Assert.InRange((double)strangers / all.Length, 0, .2);
            Assert.InRange(all.Average(group => judge.Judge(group, PictureReader.Read(group.Target.Image))!.Nearer), .8, 1);
        }
    }

    [Fact]
    public void A_subject_s_picture_stands_on_the_ground_of_the_words_or_on_another()
    {
        new SceneGroups(BenchBank.Bank, seed: 3, SubjectSplit.HeldOut, [GroupKind.Subject]).Write(folder, 24, references: 1, TestContext.Current.CancellationToken);
        MrGroup[] groups = [.. MrGroupFolder.Read(folder, heldOut: 0, seed: 1)];
        var judge = new GroupJudge(groups, BenchBank.Bank);

        var own = groups.Count(group => Judged(group, group.Target.Image) is true);
        var others = groups.Count(group => Judged(group, groups.First(other => other.Words != group.Words).Target.Image) is true);

        Assert.InRange((double)own / groups.Length, .7, 1);
        Assert.InRange((double)others / groups.Length, 0, .2);

        bool? Judged(MrGroup group, string file) => judge.Judge(group, PictureReader.Read(Path.Combine(folder, file)))!.IsGroundRight;
    }

    [Fact]
    public void A_lone_topic_has_nothing_to_be_confused_with()
    {
        var path = Path.Combine(folder, "red.png");
        PictureWriter.WritePng(path, Picture.Filled(8, 8, new(255, 0, 0)));
        var group = new MrGroup { GroupId = "a", Topic = "a", Split = MrGroup.HeldIn, References = [path], Target = new() { Image = path, Captions = ["a"] } };

        Assert.Null(new GroupJudge([group]).Judge(group, PictureReader.Read(path)));
    }

    [Fact]
    public void Nearer_is_the_share_of_others_that_are_farther()
    {
        Assert.Null(GroupVerdict.Of(1, []));
        Assert.Equal(new(false, .75), GroupVerdict.Of(1, [.5, 2, 2, 3]));
        Assert.Equal(new(true, .5), GroupVerdict.Of(1, [1, 2]));
    }

    [Fact]
    public void Statistics_tell_rough_from_smooth_and_one_colour_from_another()
    {
        var smooth = ColourStatistics.Of(Picture.Filled(64, 64, new(200, 100, 50)));
        var other = ColourStatistics.Of(Picture.Filled(64, 64, new(50, 100, 200)));
        var rough = ColourStatistics.Of(Picture.FromRgb([.. Enumerable.Range(0, 128 * 128).SelectMany(i => (byte[])(i % 2 == 0 ? [200, 100, 50] : [230, 120, 60]))], new(128, 128)));

        Assert.Equal(0, smooth.DistanceTo(smooth));
        Assert.Equal(1, smooth.DistanceTo(other), 1e-9);
        Assert.True(smooth.DistanceTo(rough) > .5);
    }
}
