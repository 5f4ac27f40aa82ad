namespace Dramatis.Tests.Verification;

/// <summary>Where the golden data is: in the folder that <c>DRAMATIS_GOLDEN</c> names, or in <c>shared/golden</c> beside the repository.</summary>
internal static class GoldenData
{
    /// <summary>Null when there is none.</summary>
    public static string? Root { get; } = Candidates().FirstOrDefault(Directory.Exists);

    /// <summary>The small part that is in the repository.</summary>
    public static string InRepository { get; } =
        Parents().Select(folder => Path.Combine(folder, "tests", "Golden")).First(Directory.Exists);

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("DRAMATIS_GOLDEN") is { Length: > 0 } named)
        {
            yield return named;
        }

        foreach (var folder in Parents())
        {
            yield return Path.Combine(folder, "shared", "golden");
        }
    }

    private static IEnumerable<string> Parents()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
