using Dramatis.Tests.Architecture;

namespace Dramatis.Tests;

/// <summary>The floors of the house, by the calls in method bodies. A type lies in the folder that its namespace names.</summary>
public sealed class ArchitectureTests
{
    // Lowest first; of folders on one line either may use the other, but not both.
    private static readonly Dictionary<string, string[][]> Floors = new()
    {
        ["Dramatis.Core"] = [["Errors"], ["Files"], ["Configs"], ["Checkpoints", "Pictures", "Schedules"], ["Requests"], ["Tokenizers"]],
        ["Dramatis"] = [["Tensors"], ["Conditioning"], ["Networks"], ["Sampling", "Weights"], ["Methods"], ["Pipelines"]],
        ["Dramatis.Training"] = [["Toybox"], ["Training"], ["Benches"], ["Verification"]],
        ["Dramatis.CutOut"] = [["CutOut"]],
        ["Dramatis.Cli"] = [["Server.Settings"], ["Server.Painting"], ["Cli.Host"], ["Cli.Usage"], ["Cli.Commands"], ["Cli"]],
        ["Dramatis.Server"] =
        [
            ["Cli.Host"], ["Server.Settings"], ["Server.Storage"], ["Server.Queue"], ["Server.Painting"], ["Server.Access"], ["Server.Api"],
            ["Server.Studio"], ["Server.Host"],
        ],
        ["Dramatis.Studio"] =
            [["Studio.Service"], ["Studio.Stages"], ["Studio.Export", "Studio.Fields", "Studio.Prompts"], ["Studio.Work"], ["Studio.Components"], ["Studio"]],
    };

    // Folders in Methods and Training. What else lies there is for all methods, or lists them.
    private static readonly string[] Methods =
        ["Cones", "Cones2", "CustomDiffusion", "DreamBooth", "EasyRef", "FastComposer", "IpAdapter", "Lora", "MsDiffusion", "TextualInversion"];

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

    [Theory]
    [InlineData("Dramatis")]
    [InlineData("Dramatis.Training")]
    public void Methods_do_not_know_each_other(string assembly) => None(
        from use in House.Read(assembly).Uses
        where MethodOf(use.From) is { } own && MethodOf(use.To) is { } other && own != other
        select use.ToString());

    [Fact]
    public void What_lies_in_methods_itself_knows_none() => None(
        from use in House.UsesInside("Dramatis")
        where use.From.Namespace == "Dramatis.Methods" && MethodOf(use.To) is not null
        select use.ToString());

    [Fact]
    public void Every_folder_in_methods_is_a_method_or_the_catalogue() => None(
        from type in House.TypesOf("Dramatis")
        where RoomOf(type, "Dramatis.Methods") is not (null or "Catalog") && MethodOf(type) is null
        select type.ToString());

    [Fact]
    public void Networks_know_no_method_by_name() => None(
        from word in House.Read("Dramatis").Words
        where RoomOf(word.Type, "Dramatis.Networks") is not null && Methods.Any(name => word.Word.Contains(name, StringComparison.OrdinalIgnoreCase))
        select $"{word.Type} says {word.Word}");

    [Theory]
    [InlineData("Dramatis.Core", "TorchSharp")]
    [InlineData("Dramatis.Core", "ScottPlot")]
    [InlineData("Dramatis.Core", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Dramatis", "ScottPlot")]
    [InlineData("Dramatis", "OpenCvSharp")]
    [InlineData("Dramatis.Training", "OpenCvSharp")]
    [InlineData("Dramatis.CutOut", "TorchSharp")]
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

    private static string? MethodOf(TypeName type) =>
        (RoomOf(type, "Dramatis.Methods") ?? RoomOf(type, "Dramatis.Training")) is { } room && Methods.Contains(room) ? room : null;

    // The folder below another that a type lies in.
    private static string? RoomOf(TypeName type, string folder) =>
        type.Namespace.StartsWith($"{folder}.", StringComparison.Ordinal) ? type.Namespace[(folder.Length + 1)..].Split('.')[0] : null;
}
