using Dramatis.Errors;

namespace Dramatis.Cli.Host;

/// <summary>The service is a program of its own: what it is made of is not looked at by any other command.</summary>
internal static class ServiceProgram
{
    private const string Name = "Dramatis.Server";

    /// <summary>Replaces this process by the service, with the environment as it is.</summary>
    /// <exception cref="ModelNotFoundException">It has not been built.</exception>
    public static void Become(params string[] args) => ProcessSetup.Become([.. Command(), .. args]);

    /// <summary>What starts it.</summary>
    /// <exception cref="ModelNotFoundException">It has not been built.</exception>
    public static string[] Command()
    {
        var assembly = Find();
        var host = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, assembly] : [Path.ChangeExtension(assembly, null)];
    }

    // Beside the command line, in a folder of its own there, or where it was built.
    private static string Find()
    {
        var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string[] places = [here, Path.Combine(here, "server"), Path.Combine(here, "..", "..", Name, Path.GetFileName(here))];
        return places.Select(place => Path.GetFullPath(Path.Combine(place, $"{Name}.dll"))).FirstOrDefault(File.Exists)
            ?? throw new ModelNotFoundException(Name, "the service is not beside this program; build it with 'dotnet build src/Dramatis.Server -c Release'.");
    }
}
