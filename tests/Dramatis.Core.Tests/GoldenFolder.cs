namespace Dramatis.Tests;

/// <summary>Finds the golden cases of the repository from wherever the tests run.</summary>
internal static class GoldenFolder
{
    public static string Of(string name) => Find(Path.Combine("tests", "Golden", name))
        ?? throw new DirectoryNotFoundException($"tests/Golden/{name} is nowhere above {AppContext.BaseDirectory}.");

    /// <summary>The golden data beside the repository; without it a test is skipped.</summary>
    public static string Shared()
    {
        var folder = Find(Path.Combine("shared", "golden"));
        Assert.SkipWhen(folder is null, "needs shared/golden beside the repository");
        return folder;
    }

    private static string? Find(string path)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, path);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
