using Dramatis.Errors;
using Dramatis.Methods.Catalog;
using Dramatis.Methods.Cones2;

namespace Dramatis.Tests.Methods.Cones2;

public sealed class GuidanceConfigTests : IDisposable
{
    private const string Good = """
        [ { "prompt": "a {mug} and a dog", "residual_dict": { "dog": "residuals/dog.pt", "unused": "none.pt" },
            "color_context": { "255,192,0": ["mug", 2.5], "255, 0, 0": ["dog", 3] },
            "guidance_steps": 7, "guidance_weight": 0.1, "weight_negative": -1e8, "layout": "layout.png", "subject_list": [["dog", 5], ["dog", 2]] } ]
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private string File => Path.Combine(folder, "guidance_config.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void All_of_the_official_file_is_read_with_paths_beside_it()
    {
        var config = GuidanceJson.Parse(Good, File);

        Assert.Equal([(Path.Combine(folder, "residuals/dog.pt"), 5), (Path.Combine(folder, "residuals/dog.pt"), 2)], config.Residuals);
        Assert.Equal([(new(255, 192, 0), "mug", 2.5), (new(255, 0, 0), "dog", 3)], config.Regions);
        Assert.Equal(Path.Combine(folder, "layout.png"), config.Layout);
        Assert.Equal(new LayoutGuidance { Steps = 7, Weight = .1, Outside = -1e8 }, config.Guidance);
    }

    [Fact]
    public void An_empty_object_says_what_the_official_script_s_readme_says()
    {
        var config = GuidanceJson.Parse("{}", File);

        Assert.Equal(new LayoutGuidance { Steps = null, Weight = .08, Inside = 2.5, Outside = -1e8 }, config.Guidance);
        Assert.Empty(config.Residuals);
        Assert.Null(config.Layout);
    }

    [Fact]
    public void A_file_alone_is_the_order_of_the_official_script()
    {
        System.IO.File.WriteAllText(File, "\r\n" + Good);

        var request = MethodCatalog.OrderOf(File)!;

        Assert.True(GuidanceConfig.Is(File));
        Assert.Equal([.. GuidanceConfig.Load(File).Files], MethodCatalog.FilesIn(File));
        Assert.Equal("a {{mug}} and a dog", request.Prompt);
        Assert.Equal((50, 7.5, "euler", File), (request.Steps, request.Guidance, request.Sampler, request.Layout.File));
    }

    [Theory]
    [InlineData("[", "is no valid JSON")]
    [InlineData("[]", "no list with an object")]
    [InlineData("""{"subject_list": [["dog", 5]]}""", "names \"dog\", which \"residual_dict\" has no file for")]
    [InlineData("""{"subject_list": [["dog", 1.5]], "residual_dict": {"dog": "d.pt"}}""", "\"subject_list\" has [\"dog\", 1.5]")]
    [InlineData("""{"subject_list": 5}""", "\"subject_list\" has 5, but must be a list")]
    [InlineData("""{"residual_dict": {"dog": 1}}""", "\"residual_dict\" has 1")]
    [InlineData("""{"color_context": {"255,0": ["dog", 1]}}""", "\"red,green,blue\"")]
    [InlineData("""{"color_context": {"256,0,0": ["dog", 1]}}""", "the colour \"256,0,0\"")]
    [InlineData("""{"color_context": {"255,0,0": ["dog"]}}""", "\"color_context\" has [\"dog\"]")]
    [InlineData("""{"color_context": {"255,0,0": ["dog", 1]}}""", "\"layout\" is missing")]
    [InlineData("""{"guidance_steps": -1}""", "\"guidance_steps\" is -1")]
    [InlineData("""{"guidance_weight": "much"}""", "\"guidance_weight\" is \"much\"")]
    public void A_mistake_is_named_with_its_field(string json, string words)
    {
        var error = Assert.Throws<InvalidConfigException>(() => GuidanceJson.Parse(json, File));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(File, error.Path);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal(File, Assert.Throws<InvalidConfigException>(() => GuidanceConfig.Load(File)).Path);
}
