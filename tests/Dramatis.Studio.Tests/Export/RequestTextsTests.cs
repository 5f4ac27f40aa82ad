using Dramatis.Requests;
using Dramatis.Studio.Export;

namespace Dramatis.Studio.Tests.Export;

public sealed class RequestTextsTests
{
    private static readonly GenerationRequest Request = new()
    {
        Prompt = "Tom's {cat} and a {lamp}",
        NegativePrompt = "blur",
        Subjects =
        [
            new() { Phrase = "cat", References = [Reference.FromFile("aa"), Reference.FromFile("bb")], Place = new(.1, .2, .5, .9), Strength = .8 },
            new() { Phrase = "old lamp", References = [Reference.FromFile("cc")] },
        ],
        Steps = 12,
        Size = new(256, 128),
        Seed = 7,
        GuidanceWindow = new(0, .8),
        PromptWeights = true,
        Loras = [new("style", .5)],
    };

    [Fact]
    public void The_command_line_says_all_of_it() => Assert.Equal(
        "dramatis paint 'Tom'\\''s {cat} and a {lamp}' -s 'cat=cat-1.png,cat-2.png@0.1,0.2,0.5,0.9*0.8' -s 'old lamp=old-lamp.png' --negative 'blur' --prompt-weights "
            + "--size 256x128 --steps 12 --guidance-window 0 0.8 --seed 7 --lora 'style*0.5' -o out.png",
        RequestTexts.CommandLine(Request));

    [Fact]
    public void Curl_sends_the_request_as_it_is() => Assert.Equal(
        $"curl \"http://127.0.0.1:7865/v1/pictures?wait=60\" -d '{RequestJson.Write(Request).Replace("'", "'\\''", StringComparison.Ordinal)}'",
        RequestTexts.Curl(Request, "http://127.0.0.1:7865/"));

    [Fact]
    public async Task An_order_file_has_its_pictures_inside()
    {
        var order = await RequestTexts.OrderAsync(Request, id => Task.FromResult<byte[]?>([.. id.Select(letter => (byte)letter)]));

        var read = RequestJson.Parse(order, RequestFiles.None with { Locate = Path.GetFileName });

        Assert.Equal("aa"u8.ToArray(), read.Subjects[0].References[0].Bytes);
        Assert.Equal(Request.Subjects[1].Phrase, read.Subjects[1].Phrase);
    }

    [Fact]
    public void Lines_of_CSharp_hold_the_request()
    {
        var text = RequestTexts.CSharp(Request);
        var json = text[(text.IndexOf("\"\"\"", StringComparison.Ordinal) + 3)..text.LastIndexOf("\"\"\"", StringComparison.Ordinal)];

        Assert.Equal("cat-1.png", RequestJson.Parse(json, ".").Subjects[0].References[0].Path?.Split('/')[^1]);
        Assert.Contains("ImageGenerator.Open(\"models/toybox\", new() { Catalog = new ModelCatalog(\"models/toybox\") })", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_CSharp_open_the_embedded_model_by_its_folder()
    {
        var text = RequestTexts.CSharp(new() { Prompt = "a beach", Model = "toybox" });

        Assert.Contains("ImageGenerator.Open(\"models/toybox\");", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"model\"", text, StringComparison.Ordinal);
    }
}
