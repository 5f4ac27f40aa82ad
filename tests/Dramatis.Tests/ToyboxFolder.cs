namespace Dramatis.Tests;

/// <summary>The embedded model, for tests that spoil a copy of it.</summary>
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
}
