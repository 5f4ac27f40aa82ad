using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary>The embedded model, for tests that spoil a copy of it.</summary>
internal static class ShippedModel
{
    public static string Folder => ShippedFolder.Find("models", "toybox");

    public static void CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
