using System.Text.RegularExpressions;

namespace Dramatis.Tests;

/// <summary>The C# on the pages of methods, and on that of learning, is that of <c>samples/Methods</c>, which is compiled.</summary>
public sealed partial class MethodPageTests
{
    private static readonly string Root = Path.Combine(GoldenFolder.Of(""), "..", "..");

    public static TheoryData<string> Pages =>
    [
        "learning",
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs", "methods"), "*.md")
            .Select(page => $"methods/{Path.GetFileNameWithoutExtension(page)}")
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Shows_what_its_sample_does(string page)
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs", $"{page}.md"));
        var sample = Directory.EnumerateFiles(Path.Combine(Root, "samples", "Methods"), "*.cs")
            .Single(file => string.Equals(
                Path.GetFileNameWithoutExtension(file),
                Path.GetFileName(page).Replace("-", "", StringComparison.Ordinal),
                StringComparison.OrdinalIgnoreCase));

        var shown = CodeBlocks().Matches(text).Select(match => match.Groups["code"].Value);

        Assert.Equal(SnippetsOf(File.ReadAllText(sample)), shown);
    }

    private static IEnumerable<string> SnippetsOf(string sample) => Marked().Matches(sample).Select(match =>
        string.Concat(match.Groups["code"].Value.Split('\n').SkipLast(1).Select(line => line[Math.Min(line.Length, match.Groups["indent"].Length)..] + '\n')));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();

    [GeneratedRegex("(?<indent> *)// <(?<mark>learn|train|paint)>\n(?<code>.*?) *// </\\k<mark>>", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
