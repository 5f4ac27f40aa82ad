using Dramatis.Verification;
using Dramatis.Verification.Checks;

namespace Dramatis.Tests.Verification;

/// <summary>The golden data of the reference implementations, by the same code as <c>dramatis verify</c>: all where it is at hand, a part everywhere.</summary>
public sealed class GoldenTests
{
    [Theory]
    [MemberData(nameof(Cases))]
    public void Our_numbers_are_the_reference_s(string root, string name)
    {
        var report = GoldenRun.Run(Path.Combine(root, name), root);

        Assert.SkipWhen(report.Outcome == GoldenOutcome.Skipped, report.Reason ?? "");
        Assert.True(report.Outcome == GoldenOutcome.Passed, $"{report.Reason} {report.Result?.Worst} {report.Result?.FirstWrong}");
    }

    // Only what we have a check for: the command lists the rest.
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var root in new[] { GoldenData.InRepository, GoldenData.Root }.OfType<string>())
        {
            foreach (var folder in GoldenRun.Find(root).Where(IsBuilt))
            {
                cases.Add(root, Path.GetRelativePath(root, folder));
            }
        }

        return cases;
    }

    private static bool IsBuilt(string folder)
    {
        using var golden = GoldenCase.Open(folder);
        return GoldenChecks.For(golden.Component) is not null;
    }
}
