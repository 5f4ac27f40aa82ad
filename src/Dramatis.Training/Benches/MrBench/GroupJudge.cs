using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Toybox.Grounds;
using Dramatis.Toybox.Judging;
using Dramatis.Training.Toybox;

namespace Dramatis.Benches.MrBench;

/// <summary>Whether a picture has what its group shares: of fifty topics its own is the nearest. Nothing in it is learned.</summary>
/// <remarks>
/// Topics of one kind are compared, the kind being the first folder of a topic: by how pictures are drawn, and those named <c>subject/CODE-…</c> or
/// <c>drawn/CODE-…</c>, where a bank has the subject, by what stands anywhere in the picture; of these also whether the ground is that of the words, and
/// not the references'.
/// </remarks>
/// <param name="bank">Null for none.</param>
internal sealed class GroupJudge(IReadOnlyList<MrGroup> groups, SubjectBank? bank = null)
{
    private const uint Stream = 0x6A0D;

    private static readonly string[] SubjectKinds = [GroupKinds.NameOf(GroupKind.Subject), GroupKinds.NameOf(GroupKind.Drawn)];

    private readonly SubjectJudge? subjects = bank is null ? null : new(bank);
    private readonly Dictionary<string, ColourStatistics> known = [];

    /// <summary>The kind of a topic: its first folder.</summary>
    public static string KindOf(string topic) => topic.Split('/')[0];

    /// <summary>Null where there is nothing to confuse it with.</summary>
    public GroupVerdict? Judge(MrGroup group, Picture picture)
    {
        if (SubjectOf(group) is { } subject)
        {
            var candidates = subjects!.DrawCandidates(subject, [], bank!.LikeIt(subject), Random(group));
            var distances = subjects.Distances(picture, SubjectJudge.Everywhere, candidates);
            return GroupVerdict.Of(distances[0], distances.Skip(1))! with
            {
                IsGroundRight = GroundOf(group) is { } ground ? new SceneJudge(bank!, SceneOptions.For(picture.Width)).KindOf(picture, []) == ground : null,
            };
        }

        var own = ColourStatistics.Of(picture);
        return GroupVerdict.Of(own.DistanceTo(Of(group)), Others(group).Select(other => own.DistanceTo(Of(other))));
    }

    // The words of such a group say the ground alone.
    private static int? GroundOf(MrGroup group)
    {
        var found = GroundKinds.Lit.ToList().FindIndex(kind => group.Words.EndsWith(kind.Words, StringComparison.Ordinal));
        return found < 0 ? null : found;
    }

    private int? SubjectOf(MrGroup group)
    {
        if (bank is null || !SubjectKinds.Contains(KindOf(group.Topic)) || group.Topic.Split('/') is not [_, var name, ..])
        {
            return null;
        }

        var code = name[..Math.Max(0, name.LastIndexOf('-'))];
        int[] found = [.. Enumerable.Range(0, bank.Subjects.Count).Where(i => bank.Subjects[i].Code.Equals(code, StringComparison.OrdinalIgnoreCase))];
        return found.Length > 0 ? found[0] : null;
    }

    // One group of each other topic of the kind, at most 49 of them.
    private IEnumerable<MrGroup> Others(MrGroup group)
    {
        var random = Random(group);
        MrGroup[][] topics =
        [
            .. groups.Where(other => KindOf(other.Topic) == KindOf(group.Topic) && other.Topic != group.Topic)
                .GroupBy(other => other.Topic).Select(topic => topic.ToArray()),
        ];
        random.Shuffle<MrGroup[]>(topics);
        return topics.Take(SubjectJudge.CandidateCount - 1).Select(topic => random.Pick(topic));
    }

    private ColourStatistics Of(MrGroup group)
    {
        if (!known.TryGetValue(group.GroupId, out var mean))
        {
            mean = ColourStatistics.Mean([.. group.References.Select(file => ColourStatistics.Of(PictureReader.Read(file)))]);
            known.Add(group.GroupId, mean);
        }

        return mean;
    }

    private static StableRandom Random(MrGroup group) => new(group.Seed, 0, Stream);
}

/// <summary>How a picture stands to its own topic, among others.</summary>
/// <param name="IsRight">No other is nearer.</param>
/// <param name="Nearer">The share of the others that are farther; .5 by chance.</param>
internal sealed record GroupVerdict(bool IsRight, double Nearer)
{
    /// <summary>Whether the ground is the prompt's; null where that says none.</summary>
    public bool? IsGroundRight { get; init; }

    /// <summary>Null where there are no others.</summary>
    public static GroupVerdict? Of(double own, IEnumerable<double> others) => others.ToArray() is { Length: > 0 } all
        ? new(all.All(other => other >= own), all.Average(other => other > own ? 1 : 0))
        : null;
}
