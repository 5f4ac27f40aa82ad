using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Host;

/// <summary>The model that comes with the program: the nearest <c>models/toybox</c> at or above it.</summary>
internal static class ShippedModels
{
    public static string Embedded { get; } = Find(Path.Combine("models", ModelCatalog.Embedded));

    private static string Find(string path)
    {
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
