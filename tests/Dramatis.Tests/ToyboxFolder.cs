using Dramatis.Weights;

namespace Dramatis.Tests;

/// <summary>The embedded model, for tests that spoil a copy of it or give it adapters.</summary>
internal static class ToyboxFolder
{
    public static string Path { get; } = Repository.PathOf("models", "toybox");

    public static void CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(folder, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Makes a folder the same model without adapters.</summary>
    public static void LinkTo(string folder)
    {
        foreach (var part in Directory.EnumerateFileSystemEntries(Path).Where(part => System.IO.Path.GetFileName(part) != ModelFolder.AdaptersName))
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(folder, System.IO.Path.GetFileName(part)), part);
        }
    }
}
