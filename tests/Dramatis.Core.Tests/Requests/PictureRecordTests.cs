using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class PictureRecordTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PictureRecord record;

    public PictureRecordTests()
    {
        File.WriteAllText(folder["layout.png"], "a layout");
        File.WriteAllText(folder["dog.pt"], "a residual");
        File.WriteAllText(folder["layout.txt"], "dog.pt\nlayout.png");
        var request = new GenerationRequest { Prompt = "a dog", Layout = LayoutOptions.Usual with { File = folder["layout.txt"] } };
        record = new(request, PictureRecord.HashReferences(request, FilesIn), "model");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_that_stayed_as_they_were_are_no_mistake() => record.CheckReferences(FilesIn);

    [Theory]
    [InlineData("layout.png")]
    [InlineData("dog.pt")]
    public void A_file_that_a_layout_file_names_and_that_has_changed_is_named(string name)
    {
        File.AppendAllText(folder[name], " ");

        var error = Assert.Throws<InvalidRequestException>(() => record.CheckReferences(FilesIn));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_file_that_names_others_has_itself_changed()
    {
        File.WriteAllText(folder["layout.txt"], "");

        var error = Assert.Throws<InvalidRequestException>(() => record.CheckReferences(FilesIn));

        Assert.Contains("layout.txt", error.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> FilesIn(string layoutFile) => File.ReadAllLines(layoutFile).Select(name => folder[name]);
}
