using System.ClientModel;
using Dramatis.Pictures;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Images;

namespace Dramatis.Server.Tests.Api.OpenAi;

/// <summary>The official clients for .NET, unchanged.</summary>
[Collection(Rehearsing.Name)]
public sealed class OpenAiClientTests(RehearsingService rehearsing)
{
    private readonly OpenAIClient client = new(new ApiKeyCredential("none"), new() { Endpoint = new(rehearsing.Service.Address, "/v1") });

    [Fact]
    public async Task Pictures_come_from_a_prompt()
    {
        var answer = await Images.GenerateImagesAsync("a dog", 2, new() { Size = new(256, 128), ResponseFormat = GeneratedImageFormat.Bytes }, Stop);

        Assert.Equal(2, answer.Value.Count);
        Assert.All(answer.Value, image => Assert.Equal(8, PictureReader.Read(image.ImageBytes.ToArray(), "image").Width));
        var request = (await Newest()).GetProperty("request");
        Assert.Equal((2, "a dog"), (request.Number("count"), request.Text("prompt")));
        Assert.Equal([256, 128], request.List("size").Select(side => side.GetInt32()));
    }

    [Fact]
    public async Task Two_calls_alike_do_not_give_the_same_picture()
    {
        var (one, two) = (await Images.GenerateImageAsync("a dog", cancellationToken: Stop), await Images.GenerateImageAsync("a dog", cancellationToken: Stop));

        Assert.NotEqual(one.Value.ImageBytes.ToArray(), two.Value.ImageBytes.ToArray());
    }

    [Fact]
    public async Task A_link_leads_to_the_picture()
    {
        var image = (await Images.GenerateImageAsync("a dog", new() { ResponseFormat = GeneratedImageFormat.Uri }, Stop)).Value;

        Assert.Equal(8, PictureReader.Read(await rehearsing.Service.Http.GetByteArrayAsync(image.ImageUri, Stop), "image").Width);
    }

    [Fact]
    public async Task A_picture_comes_in_the_format_asked_for()
    {
        var image = (await Images.GenerateImageAsync("a dog", new() { OutputFileFormat = GeneratedImageFileFormat.Webp, OutputCompressionFactor = 50 }, Stop)).Value;

        Assert.Equal("RIFF", System.Text.Encoding.ASCII.GetString(image.ImageBytes.ToArray(), 0, 4));
    }

    [Fact]
    public async Task One_picture_is_painted_over()
    {
        await Images.GenerateImageEditAsync(new MemoryStream(Picture(255)), "a.png", "in snow", cancellationToken: Stop);
        var request = (await Newest()).GetProperty("request");

        Assert.Equal(64, request.Text("image").Length);
        Assert.False(request.TryGetProperty("mask", out _));
    }

    [Fact]
    public async Task With_a_mask_it_is_painted_anew_where_the_mask_is_transparent()
    {
        await Images.GenerateImageEditAsync(new MemoryStream(Picture(255)), "a.png", "in snow", new MemoryStream(Picture(0)), "m.png", cancellationToken: Stop);
        var mask = await rehearsing.Service.Http.GetByteArrayAsync($"/v1/blobs/{(await Newest()).GetProperty("request").Text("mask")}", Stop);

        Assert.Equal([255, 255, 255, 255], PictureReader.Read(mask, "mask").Rgba[..4]);
    }

    [Fact]
    public async Task A_picture_is_varied()
    {
        await Images.GenerateImageVariationAsync(new MemoryStream(Picture(255)), "a.png", cancellationToken: Stop);

        Assert.Equal(.7, (await Newest()).GetProperty("request").GetProperty("denoise").GetDouble());
    }

    [Fact]
    public async Task What_is_wrong_is_an_error_of_the_client_s()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Images.GenerateImageAsync(new string('x', 201), cancellationToken: Stop));

        Assert.Equal(422, error.Status);
        Assert.Contains("prompt: has 201 characters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_listed()
    {
        var models = (await client.GetOpenAIModelClient().GetModelsAsync(Stop)).Value;

        Assert.Contains(models, model => model.Id == "toybox");
    }

    [Fact]
    public async Task So_does_the_client_of_Microsoft_Extensions_AI_paint()
    {
        using var generator = Images.AsIImageGenerator();

        var answer = await generator.GenerateAsync(new("a dog"), new() { ImageSize = new(128, 128), Count = 1 }, Stop);

        Assert.Equal(8, PictureReader.Read(Assert.IsType<DataContent>(Assert.Single(answer.Contents)).Data.ToArray(), "image").Width);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ImageClient Images => client.GetImageClient("toybox");

    private async Task<System.Text.Json.JsonElement> Newest() => (await rehearsing.Service.GetAsync("/v1/jobs?limit=1")).List("items")[0];

    private static byte[] Picture(byte alpha)
    {
        var picture = Dramatis.Pictures.Picture.Filled(16, 16, new(200, 100, 50));
        for (var i = 3; i < picture.Rgba.Length; i += 4)
        {
            picture.Rgba[i] = alpha;
        }

        return PictureWriter.EncodePng(picture);
    }
}
