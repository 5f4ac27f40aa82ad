using Dramatis.Tests.Architecture;

namespace Dramatis.Tests;

/// <summary>The floors of the house, by the calls in method bodies. A type lies in the folder that its namespace names.</summary>
public sealed class ArchitectureTests
{
    private const string Methods = "Dramatis.Methods";

    // Lowest first; of folders on one line either may use the other, but not both.
    private static readonly Dictionary<string, string[][]> Floors = new()
    {
        ["Dramatis.Core"] = [["Errors"], ["Files"], ["Configs"], ["Checkpoints", "Pictures", "Schedules"], ["Requests"], ["Tokenizers"]],
        ["Dramatis"] = [["Tensors"], ["Conditioning"], ["Networks"], ["Sampling", "Weights"], ["Methods"], ["Pipelines"]],
        ["Dramatis.Training"] = [["Toybox"], ["Training"], ["Benches"], ["Verification"]],
        ["Dramatis.Cli"] = [["Cli.Host"], ["Cli.Commands"], ["Cli"]],
    };

    private static readonly string[] MethodNames = ["MsDiffusion", "EasyRef", "FastComposer", "Cones", "IpAdapter"];

    public static TheoryData<string> Assemblies => [.. House.Assemblies];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_depend_downwards_only(string assembly) => None(
        from use in House.UsesInside(assembly)
        where FloorOf(use.From, assembly) < FloorOf(use.To, assembly)
        select use.ToString());

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_folder_stands_on_a_floor(string assembly) => None(
        from type in House.TypesOf(assembly)
        where FloorOf(type, assembly) < 0
        select type.ToString());

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_folders_go_in_a_circle(string assembly)
    {
        var uses = House.UsesInside(assembly).ToList();
        var depths = uses.Max(use => use.From.Namespace.Count(letter => letter == '.'));

        // Also with folders taken as wholes: a circle may go in by one of their rooms and out by another.
        None(Enumerable.Range(2, depths).SelectMany(depth => new FolderGraph(uses, depth).Circles()).Distinct());
    }

    // What lies in Methods itself is for all of them: they use it, it does not know them.
    [Fact]
    public void Methods_do_not_know_each_other() => None(
        from use in House.UsesInside("Dramatis")
        where RoomOf(use.From, Methods) is not (null or "Catalog") && RoomOf(use.To, Methods) is { } used && used != RoomOf(use.From, Methods)
        select use.ToString());

    [Fact]
    public void Networks_know_no_method_by_name() => None(
        from word in House.Read("Dramatis").Words
        where RoomOf(word.Type, "Dramatis.Networks") is not null && MethodNames.Any(name => word.Word.Contains(name, StringComparison.OrdinalIgnoreCase))
        select $"{word.Type} says {word.Word}");

    [Theory]
    [InlineData("Dramatis.Core", "TorchSharp")]
    [InlineData("Dramatis.Core", "ScottPlot")]
    [InlineData("Dramatis.Core", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Dramatis", "ScottPlot")]
    [InlineData("Dramatis", "Microsoft.ML.OnnxRuntime")]
    public void Assembly_does_without(string assembly, string library) =>
        Assert.DoesNotContain(House.Read(assembly).References, name => name.StartsWith(library, StringComparison.OrdinalIgnoreCase));

    [Theory]
    [InlineData("Dramatis.Core")]
    [InlineData("Dramatis")]
    [InlineData("Dramatis.Training")]
    public void Libraries_leave_the_console_alone(string assembly) =>
        None(House.Read(assembly).Uses.Where(use => use.To == new TypeName("System", "Console")).Select(use => use.ToString()));

    private static void None(IEnumerable<string> wrong) => Assert.True(!wrong.Any(), string.Join('\n', wrong));

    // What no floor names stands where the folder around it does.
    private static int FloorOf(TypeName type, string assembly)
    {
        for (var folder = type.Namespace; folder.Length > 0; folder = folder[..Math.Max(0, folder.LastIndexOf('.'))])
        {
            if (Array.FindIndex(Floors[assembly], folders => folders.Any(name => $"{nameof(Dramatis)}.{name}" == folder)) is >= 0 and var floor)
            {
                return floor;
            }
        }

        return -1;
    }

    // The folder below another that a type lies in.
    private static string? RoomOf(TypeName type, string folder) =>
        type.Namespace.StartsWith($"{folder}.", StringComparison.Ordinal) ? type.Namespace[(folder.Length + 1)..].Split('.')[0] : null;
}
