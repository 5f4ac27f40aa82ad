namespace Dramatis.Tests;

/// <summary>The C# on the pages of methods, and on that of learning, is that of <c>samples/Methods</c>, which is compiled.</summary>
public sealed class MethodPageTests
{
    public static TheoryData<string> Pages =>
    [
        "learning",
        .. Directory.EnumerateFiles(Path.Combine(PageSnippets.Root, "docs", "methods"), "*.md")
            .Select(page => $"methods/{Path.GetFileNameWithoutExtension(page)}")
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Shows_what_its_sample_does(string page)
    {
        var sample = Directory.EnumerateFiles(Path.Combine(PageSnippets.Root, "samples", "Methods"), "*.cs")
            .Single(file => string.Equals(
                Path.GetFileNameWithoutExtension(file),
                Path.GetFileName(page).Replace("-", "", StringComparison.Ordinal),
                StringComparison.OrdinalIgnoreCase));

        Assert.Equal(PageSnippets.InSample(sample), PageSnippets.OnPage("docs", $"{page}.md"));
    }
}
