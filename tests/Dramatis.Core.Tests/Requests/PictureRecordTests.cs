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
        File.WriteAllText(folder["guidance_config.json"], """
            [{"residual_dict": {"dog": "dog.pt"}, "subject_list": [["dog", 2]], "color_context": {"255,0,0": ["dog", 2.5]}, "layout": "layout.png"}]
            """);
        var request = new GenerationRequest { Prompt = "a dog", Layout = LayoutOptions.Usual with { File = folder["guidance_config.json"] } };
        record = new(request, PictureRecord.HashReferences(request), "model");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_that_stayed_as_they_were_are_no_mistake() => record.CheckReferences();

    [Theory]
    [InlineData("layout.png")]
    [InlineData("dog.pt")]
    public void A_file_that_a_guidance_file_names_and_that_has_changed_is_named(string name)
    {
        File.AppendAllText(folder[name], " ");

        var error = Assert.Throws<InvalidRequestException>(record.CheckReferences);

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guidance_file_that_names_others_has_itself_changed()
    {
        File.WriteAllText(folder["guidance_config.json"], """[{"prompt": "a dog"}]""");

        var error = Assert.Throws<InvalidRequestException>(record.CheckReferences);

        Assert.Contains("guidance_config.json", error.Message, StringComparison.Ordinal);
    }
}
