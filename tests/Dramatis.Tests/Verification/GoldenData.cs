namespace Dramatis.Tests.Verification;

/// <summary>Where the golden data is: in the folder that <c>DRAMATIS_GOLDEN</c> names, or in <c>shared/golden</c> beside the repository.</summary>
internal static class GoldenData
{
    /// <summary>Null when there is none.</summary>
    public static string? Root { get; } = Candidates().FirstOrDefault(Directory.Exists);

    /// <summary>The small part that is in the repository.</summary>
    public static string InRepository { get; } = Repository.PathOf("tests", "Golden");

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("DRAMATIS_GOLDEN") is { Length: > 0 } named)
        {
            yield return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "golden");
        }
    }
}
