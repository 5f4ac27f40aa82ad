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

    /// <summary>Makes a folder the same model without adapters, and without the prior that imagines what has no picture.</summary>
    public static void LinkTo(string folder)
    {
        string[] left = [ModelFolder.AdaptersName, ModelNetwork.Prior.Name()];
        foreach (var part in Directory.EnumerateFileSystemEntries(Path).Where(part => !left.Contains(System.IO.Path.GetFileName(part))))
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(folder, System.IO.Path.GetFileName(part)), part);
        }
    }

    /// <summary>Makes a folder the same model with MS-Diffusion and the prior, which reads the states of words.</summary>
    public static void LinkWithPriorTo(string folder)
    {
        LinkTo(folder);
        LinkAdapterTo(folder, "ms-diffusion");
        Directory.CreateSymbolicLink(System.IO.Path.Combine(folder, ModelNetwork.Prior.Name()), System.IO.Path.Combine(Path, ModelNetwork.Prior.Name()));
    }

    /// <summary>The same, and has the prior read the ends of texts, though it learned the states of words.</summary>
    public static void LinkWithTextPriorTo(string folder)
    {
        LinkTo(folder);
        LinkAdapterTo(folder, "ms-diffusion");
        var prior = Directory.CreateDirectory(System.IO.Path.Combine(folder, ModelNetwork.Prior.Name())).FullName;
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(Path, ModelNetwork.Prior.Name())))
        {
            File.Copy(file, System.IO.Path.Combine(prior, System.IO.Path.GetFileName(file)));
        }

        var config = System.IO.Path.Combine(prior, ModelPart.ConfigName);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"reads\": \"word\",", "", StringComparison.Ordinal));
    }

    public static void LinkAdapterTo(string folder, string name)
    {
        var adapters = Directory.CreateDirectory(System.IO.Path.Combine(folder, ModelFolder.AdaptersName)).FullName;
        Directory.CreateSymbolicLink(System.IO.Path.Combine(adapters, name), System.IO.Path.Combine(Path, ModelFolder.AdaptersName, name));
    }
}
