using Dramatis.Toybox;
using Dramatis.Toybox.Judging;

namespace Dramatis.Tests.Toybox;

/// <summary>The bank in the repository, and a judge of its subjects, loaded once.</summary>
internal static class BenchBank
{
    private static readonly Lazy<SubjectBank> Loaded = new(() => SubjectBank.Load(Repository.PathOf("bench", "toybox")));

    private static readonly Lazy<SubjectJudge> Made = new(() => new(Loaded.Value));

    public static SubjectBank Bank => Loaded.Value;

    public static SubjectJudge Judge => Made.Value;
}
