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

    /// <summary>Makes a folder the same model with MS-Diffusion, and has its prior read the states of words, though it learned the ends of texts.</summary>
    public static void LinkWithWordPriorTo(string folder)
    {
        LinkTo(folder);
        LinkAdapterTo(folder, "ms-diffusion");
        var prior = System.IO.Path.Combine(folder, ModelNetwork.Prior.Name());
        File.Delete(prior);
        Directory.CreateDirectory(prior);
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(Path, ModelNetwork.Prior.Name())))
        {
            File.Copy(file, System.IO.Path.Combine(prior, System.IO.Path.GetFileName(file)));
        }

        var config = System.IO.Path.Combine(prior, ModelPart.ConfigName);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"penultimate", "\"reads\": \"word\", \"penultimate", StringComparison.Ordinal));
    }

    public static void LinkAdapterTo(string folder, string name)
    {
        var adapters = Directory.CreateDirectory(System.IO.Path.Combine(folder, ModelFolder.AdaptersName)).FullName;
        Directory.CreateSymbolicLink(System.IO.Path.Combine(adapters, name), System.IO.Path.Combine(Path, ModelFolder.AdaptersName, name));
    }
}
