namespace Dramatis.Tests;

/// <summary>Finds the golden cases of the repository from wherever the tests run.</summary>
internal static class GoldenFolder
{
    public static string Of(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, "tests", "Golden", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"tests/Golden/{name} is nowhere above {AppContext.BaseDirectory}.");
    }
}
