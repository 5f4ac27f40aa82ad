using System.Drawing;
using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Extensions.AI;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Microsoft.Extensions.AI;

namespace Dramatis.Tests.Extensions.AI;

/// <summary>What requests and options of Microsoft.Extensions.AI become.</summary>
public sealed class DramatisImageGeneratorTests
{
    private static readonly byte[] Png = PictureWriter.EncodePng(new Picture(2, 2).WithoutAlpha());

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_prompt_becomes_a_request_and_pictures_become_data()
    {
        var (request, response) = await Generate(new("a dog"), null);

        Assert.Equal(new GenerationRequest { Prompt = "a dog" }, request);
        var picture = Assert.IsType<DataContent>(Assert.Single(response.Contents));
        Assert.Equal("image/png", picture.MediaType);
        Assert.Equal(Png, picture.Data.ToArray());
        Assert.Equal(
            [new Notice("size", "is odd."), (GenerationEvent)picture.RawRepresentation!],
            Assert.IsType<List<GenerationEvent>>(response.RawRepresentation));
    }

    [Fact]
    public async Task Options_and_properties_are_fields_of_the_request()
    {
        var (request, _) = await Generate(new("a dog"), new()
        {
            Count = 2,
            ImageSize = new Size(128, 64),
            AdditionalProperties = new()
            {
                ["steps"] = 12,
                ["guidance"] = 3.5,
                ["negative_prompt"] = "rain",
                ["seed"] = JsonDocument.Parse("7").RootElement,
                ["guidance_window"] = new List<double> { .1, .9 },
                ["layout"] = new Dictionary<string, object?> { ["binding"] = 1 },
                ["subjects"] = new[] { new Subject { Phrase = "dog", References = [Reference.FromFile("dog.png")] } },
            },
        });

        Assert.Equal(
            new GenerationRequest
            {
                Prompt = "a dog",
                Count = 2,
                Size = new(128, 64),
                Steps = 12,
                Guidance = 3.5,
                NegativePrompt = "rain",
                Seed = 7,
                GuidanceWindow = new(.1, .9),
                Layout = new() { Binding = 1 },
                Subjects = [new() { Phrase = "dog", References = [Reference.FromFile("dog.png")] }],
            },
            request);
    }

    [Fact]
    public async Task Subjects_may_be_told_as_json_with_their_pictures_inside()
    {
        var subjects = JsonDocument.Parse("""[{"phrase": "dog", "references": ["data:image/png;base64,AQI="], "place": [0, 0, 0.5, 1]}]""").RootElement;

        var (request, _) = await Generate(new("a dog"), new() { AdditionalProperties = new() { ["subjects"] = subjects } });

        Assert.Equal([new() { Phrase = "dog", References = [Reference.FromBytes([1, 2])], Place = new(0, 0, .5, 1) }], request.Subjects);
    }

    [Fact]
    public async Task The_request_may_be_changed_in_all_its_fields_after_the_options()
    {
        var options = new ImageGenerationOptions { Count = 2, AdditionalProperties = new() { ["steps"] = 5 } };
        var twice = options.Clone()
            .WithDramatis(request => request with { Model = "models/any", Steps = 9 })
            .WithDramatis(request => request with { Steps = request.Steps + 1 });

        var (request, _) = await Generate(new("a dog"), twice);

        Assert.Equal(("models/any", 10, 2), (request.Model, request.Steps, request.Count));
        Assert.Single(options.AdditionalProperties!);
    }

    [Fact]
    public async Task Pictures_are_those_of_the_words_that_the_prompt_marks_or_one_to_begin_with()
    {
        DataContent cat = new(new byte[] { 1 }, "image/png"), dog = new(new byte[] { 2 }, "image/png");

        var (cast, _) = await Generate(new("a {cat} {{and}} a {big dog}", [cat, dog]), null);
        var (start, _) = await Generate(new("a cat", [cat]), null);

        Assert.Equal(
            [new() { Phrase = "cat", References = [Reference.FromBytes([1])] }, new() { Phrase = "big dog", References = [Reference.FromBytes([2])] }],
            cast.Subjects);
        Assert.Equal(Reference.FromBytes([1]), start.Image);
    }

    [Fact]
    public async Task A_picture_comes_in_the_format_asked_for()
    {
        var (_, response) = await Generate(new("a dog"), new() { MediaType = "image/webp" });

        var picture = Assert.IsType<DataContent>(response.Contents[0]);
        Assert.Equal("image/webp", picture.MediaType);
        Assert.Equal(new(2, 2), Reference.FromBytes(picture.Data.ToArray()).Read("picture").Size);
    }

    public static TheoryData<string, ImageGenerationOptions> Refused => new()
    {
        { "sedd", new() { AdditionalProperties = new() { ["sedd"] = 1 } } },
        { "steps", new() { AdditionalProperties = new() { ["steps"] = "many" } } },
        { "count", new() { Count = 2, AdditionalProperties = new() { ["count"] = 3 } } },
        { "image", new() { AdditionalProperties = new() { ["image"] = "/etc/passwd" } } },
        { "model", new() { ModelId = "../models" } },
        { "guidance_window", new() { AdditionalProperties = new() { ["guidance_window"] = new StepWindow(0, 1) } } },
        { "dramatis", new() { AdditionalProperties = new() { ["dramatis"] = 1 } } },
        { "MediaType", new() { MediaType = "image/gif" } },
        { "ResponseFormat", new() { ResponseFormat = ImageGenerationResponseFormat.Uri } },
        { "StreamingCount", new() { StreamingCount = 2 } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task What_cannot_be_done_is_refused_by_name(string field, ImageGenerationOptions options) =>
        Assert.Equal(field, (await Assert.ThrowsAsync<InvalidRequestException>(() => Generate(new("a dog"), options))).Field);

    [Fact]
    public async Task Pictures_that_mean_nothing_are_refused()
    {
        var picture = new DataContent(new byte[] { 1 }, "image/png");

        await Refuse("a {cat} and a {dog}", picture);
        await Refuse("a cat and a dog", picture, picture);
        await Refuse("a cat", new UriContent(new Uri("https://example.org/cat.png"), "image/png"));

        async Task Refuse(string prompt, params AIContent[] images) => Assert.StartsWith(
            "OriginalImages", (await Assert.ThrowsAsync<InvalidRequestException>(() => Generate(new(prompt, images), null))).Field, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_below_is_there_for_streams()
    {
        using var below = new ImageGenerator((_, _, _) => { });
        using IImageGenerator generator = new DramatisImageGenerator(below);

        Assert.Same(below, generator.GetService<ImageGenerator>());
        Assert.Equal("dramatis", generator.GetService<ImageGeneratorMetadata>()!.ProviderName);
        Assert.Null(generator.GetService<string>());
    }

    private static async Task<(GenerationRequest Request, ImageGenerationResponse Response)> Generate(
        ImageGenerationRequest request, ImageGenerationOptions? options)
    {
        GenerationRequest? seen = null;
        using var generator = new DramatisImageGenerator(new ImageGenerator((order, progress, _) =>
        {
            seen = order;
            progress.Report(new Notice("size", "is odd."));
            progress.Report(new StepDone(0, 1, 1));
            progress.Report(new PictureDone(0, 1, Png));
        }));
        var response = await generator.GenerateAsync(request, options, Test);
        return (seen!, response);
    }
}
