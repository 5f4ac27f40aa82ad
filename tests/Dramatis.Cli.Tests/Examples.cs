using System.CommandLine.Parsing;

namespace Dramatis.Cli.Tests;

/// <summary>Commands in texts for people, and how they are run in seconds: as they stand, but with few steps, small pictures and few of them.</summary>
internal static class Examples
{
    private const string Comment = "    #";

    // Of each command, what it is called with instead of what stands there, or besides.
    private static readonly (string Command, (string Flag, string Value)[] Flags)[] Quick =
    [
        ("paint", [("--steps", "2"), ("--size", "64x64")]),
        ("train textual-inversion", [("--steps", "1"), ("--batch", "1"), ("--size", "64")]),
        ("train cones2", [("--steps", "1"), ("--batch", "1"), ("--size", "64")]),
        ("train cones", [("--steps", "1"), ("--batch", "1"), ("--size", "64"), ("--prior", "1")]),
        ("train lora", [("--steps", "1"), ("--batch", "1"), ("--size", "64")]),
        ("train custom-diffusion", [("--steps", "1"), ("--batch", "1"), ("--size", "64"), ("--prior", "0")]),
        ("train dreambooth", [("--steps", "1"), ("--batch", "1"), ("--size", "64"), ("--prior", "1")]),
        ("bench toybox", [("--orders", "1"), ("--named", "0")]),
        ("bench vae", [("--scenes", "1")]),
        ("bench learned", [("--subjects", "1"), ("--together", "1"), ("--orders", "1")]),
    ];

    /// <summary>Every command of a text, as it stands there.</summary>
    public static IReadOnlyList<string> In(string text) =>
    [
        .. text.Split('\n').Select(line => line.Trim())
            .Select(line => line.StartsWith("Example: ", StringComparison.Ordinal) || line.StartsWith("Then: ", StringComparison.Ordinal)
                ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
                : line)
            .Select(line => line.StartsWith("./dramatis ", StringComparison.Ordinal) ? line[2..] : line)
            .Where(line => line.StartsWith("dramatis ", StringComparison.Ordinal) && !line.Contains(" STAGE ", StringComparison.Ordinal)
                && !line.Contains(" COMMAND ", StringComparison.Ordinal) && !line.Contains(" [", StringComparison.Ordinal)),
    ];

    /// <summary>Whether it says that it needs what does not come with the program; a server does not end.</summary>
    public static bool NeedsMore(string example) =>
        example.Contains($"{Comment} needs", StringComparison.Ordinal) || IsOfService(example);

    // Either becomes another program.
    private static bool IsOfService(string example) =>
        example.StartsWith("dramatis serve", StringComparison.Ordinal) || example.StartsWith("dramatis keys", StringComparison.Ordinal);

    /// <summary>The arguments of a command, without its comment.</summary>
    public static IReadOnlyList<string> Arguments(string example) => [.. CommandLineParser.SplitCommandLine(example.Split(Comment)[0]).Skip(1)];

    /// <summary>The arguments that make it quick.</summary>
    public static IReadOnlyList<string> Quickened(string example)
    {
        var all = Arguments(example).ToList();
        var own = all.IndexOf("--") is var end and >= 0 ? all[..end] : all;
        var rest = all[own.Count..];
        foreach (var (flag, value) in Quick.FirstOrDefault(item => string.Join(' ', own).StartsWith(item.Command + " ", StringComparison.Ordinal)).Flags ?? [])
        {
            if (own.IndexOf(flag) is var at and >= 0)
            {
                own[at + 1] = value;
            }
            else
            {
                own.AddRange([flag, value]);
            }
        }

        return [.. own, .. rest.Count > 0 ? (string[])["--", "--steps", "1", "--batch", "1", "--size", "64"] : []];
    }
}
