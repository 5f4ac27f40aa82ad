namespace Dramatis.Tests;

/// <summary>The C# on the page of the library is that of <c>samples/Library</c> and <c>samples/Service</c>, which are compiled.</summary>
public sealed class LibraryPageTests
{
    private static readonly string[] Samples = ["Library", "Service"];

    [Fact]
    public void Shows_what_its_samples_do()
    {
        var samples = Samples.SelectMany(name => Directory.EnumerateFiles(Path.Combine(PageSnippets.Root, "samples", name), "*.cs"))
            .SelectMany(PageSnippets.InSample)
            .Order(StringComparer.Ordinal);

        Assert.Equal(samples, PageSnippets.OnPage("docs", "library.md").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_readme_of_the_package_begins_with_the_same_ten_lines()
    {
        var first = PageSnippets.OnPage("docs", "library.md").First();

        Assert.Equal(first.Replace("samples/subjects/", "", StringComparison.Ordinal), PageSnippets.OnPage("src", "Dramatis", "README.md").First());
    }
}
