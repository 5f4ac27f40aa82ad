namespace Dramatis.Cli.Host;

/// <summary>Folders that come with the program.</summary>
internal static class ShippedFolder
{
    /// <summary>The nearest folder of that name at or above the program, else the name itself.</summary>
    public static string Find(params string[] names)
    {
        var path = Path.Combine(names);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        return path;
    }
}
