namespace Dramatis.Tests.Architecture;

/// <summary>All assemblies of the house, read once, each use with the assembly it starts in.</summary>
internal static class House
{
    public static readonly string[] Assemblies =
        ["Dramatis.Core", "Dramatis", "Dramatis.Training", "Dramatis.CutOut", "Dramatis.Cli", "Dramatis.Server", "Dramatis.Studio"];

    private static readonly Lazy<Dictionary<string, AssemblyFile>> Files = new(
        () => Assemblies.ToDictionary(name => name, name => AssemblyFile.Read(PathOf(name))));

    public static AssemblyFile Read(string assembly) => Files.Value[assembly];

    /// <summary>Its types that lie in folders: what generators and the compiler add has namespaces of its own.</summary>
    public static HashSet<TypeName> TypesOf(string assembly) =>
        [.. Read(assembly).Words.Select(word => word.Type).Where(type => type.Namespace.Split('.')[0] == nameof(Dramatis))];

    /// <summary>What its types use of each other.</summary>
    public static IEnumerable<TypeUse> UsesInside(string assembly)
    {
        var own = TypesOf(assembly);
        return Read(assembly).Uses.Where(use => own.Contains(use.From) && own.Contains(use.To));
    }

    private static string PathOf(string assembly)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return File.Exists(beside) ? beside : Path.Combine(AppContext.BaseDirectory, "..", "..", assembly, configuration, $"{assembly}.dll");
    }
}
