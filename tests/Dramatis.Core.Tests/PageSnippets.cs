using System.Text.RegularExpressions;

namespace Dramatis.Tests;

/// <summary>The C# of pages, and of the samples that it is taken from by marks: <c>// &lt;paint&gt;</c> to <c>// &lt;/paint&gt;</c>.</summary>
internal static partial class PageSnippets
{
    public static string Root { get; } = Path.Combine(GoldenFolder.Of(""), "..", "..");

    public static IEnumerable<string> OnPage(params ReadOnlySpan<string> page) =>
        CodeBlocks().Matches(File.ReadAllText(Path.Combine([Root, .. page]))).Select(match => match.Groups["code"].Value);

    /// <summary>In their order; what has the same mark is one.</summary>
    public static IEnumerable<string> InSample(string file) => Marked().Matches(File.ReadAllText(file))
        .GroupBy(match => match.Groups["mark"].Value, match => Outdent(match.Groups["code"].Value, match.Groups["indent"].Length))
        .Select(parts => string.Concat(parts));

    private static string Outdent(string code, int indent) =>
        string.Concat(code.Split('\n').SkipLast(1).Select(line => line[Math.Min(line.Length, indent)..] + '\n'));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();

    [GeneratedRegex("(?<indent> *)// <(?<mark>[a-z]+)>\n(?<code>.*?) *// </\\k<mark>>", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
