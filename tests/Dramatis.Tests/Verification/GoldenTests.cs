using Dramatis.Verification;

namespace Dramatis.Tests.Verification;

/// <summary>The golden data of the reference implementations, where it is at hand: the same code as <c>dramatis verify</c>.</summary>
public sealed class GoldenTests
{
    [Theory]
    [MemberData(nameof(Cases))]
    public void Our_numbers_are_the_reference_s(string name)
    {
        var root = GoldenData.Root;
        Assert.SkipWhen(root is null || name.Length == 0, "There is no golden data here; DRAMATIS_GOLDEN names its folder.");

        var report = GoldenRun.Run(Path.Combine(root, name), root);

        Assert.SkipWhen(report.Outcome == GoldenOutcome.Skipped, report.Reason ?? "");
        Assert.True(report.Outcome == GoldenOutcome.Passed, $"{report.Reason} {report.Result?.Worst} {report.Result?.FirstWrong}");
    }

    // Only what we have a check for: the rest is listed by the command. A theory without data is an error, hence the empty name.
    public static TheoryData<string> Cases()
    {
        if (GoldenData.Root is not { } root)
        {
            return [""];
        }

        return [.. GoldenRun.Find(root).Where(IsBuilt).Select(folder => Path.GetRelativePath(root, folder))];
    }

    private static bool IsBuilt(string folder)
    {
        using var golden = GoldenCase.Open(folder);
        return GoldenChecks.For(golden.Component) is not null;
    }
}
