using System.Text.Json;
using Dramatis.Pictures;

namespace Dramatis.Server.Tests.Api.A1111;

[Collection(Rehearsing.Name)]
public sealed class A1111ApiTests(RehearsingService rehearsing)
{
    private readonly RunningService service = rehearsing.Service;

    [Fact]
    public async Task A_prompt_becomes_pictures_with_their_seeds()
    {
        var (status, answer) = await service.PostAsync("/sdapi/v1/txt2img", new
        {
            prompt = "a dog",
            negative_prompt = "blurry",
            seed = 5,
            steps = 3,
            cfg_scale = 4.5,
            width = 64,
            height = 128,
            batch_size = 2,
            sampler_name = "DPM++ 2M Karras",
            restore_faces = false,
            alwayson_scripts = new { },
            override_settings = new { sd_model_checkpoint = "toybox" },
        });
        var info = JsonSerializer.Deserialize<JsonElement>(answer.Text("info"));

        Assert.Equal(200, status);
        Assert.Equal([5, 6], info.List("all_seeds").Select(seed => seed.GetInt32()));
        Assert.All(answer.List("images"), image => Assert.Equal(8, PictureReader.Read(image.GetBytesFromBase64(), "image").Width));
        var request = answer.GetProperty("parameters");
        Assert.Equal(("dpmpp-2m", "karras", 3, 4.5), (request.Text("sampler"), request.Text("schedule"), request.Number("steps"), request.GetProperty("guidance").GetDouble()));
        Assert.Equal([64, 128], request.List("size").Select(side => side.GetInt32()));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 245)]
    public async Task A_picture_is_painted_over_inside_its_mask(int invert, int grey)
    {
        var picture = Convert.ToBase64String(PictureWriter.EncodePng(Picture.Filled(16, 16, new(10, 10, 10))));
        var (status, answer) = await service.PostAsync("/sdapi/v1/img2img", new
        {
            prompt = "snow",
            init_images = new[] { "data:image/png;base64," + picture },
            mask = picture,
            inpainting_mask_invert = invert,
            denoising_strength = .5,
        });
        var request = answer.GetProperty("parameters");
        var mask = await service.Http.GetByteArrayAsync($"/v1/blobs/{request.Text("mask")}", TestContext.Current.CancellationToken);

        Assert.Equal((200, .5), (status, request.GetProperty("denoise").GetDouble()));
        Assert.Equal(grey, PictureReader.Read(mask, "mask").Rgba[0]);
    }

    [Theory]
    [InlineData("txt2img", """{ "prompt": "x", "sampler_name": "Magic" }""", "sampler_name")]
    [InlineData("txt2img", """{ "prompt": "x <lora:none:1>" }""", "loras[0].file")]
    [InlineData("img2img", """{ "prompt": "x" }""", "init_images")]
    [InlineData("img2img", """{ "prompt": "x", "init_images": ["!"] }""", "init_images[0]")]
    public async Task What_is_wrong_names_the_field(string route, string json, string field)
    {
        var (status, problem) = await service.PostAsync($"/sdapi/v1/{route}", JsonSerializer.Deserialize<JsonElement>(json));

        Assert.Equal((422, field), (status, problem.Text("field")));
    }

    [Fact]
    public async Task What_runs_is_seen_and_interrupted()
    {
        var asking = service.PostAsync("/sdapi/v1/txt2img", new { prompt = "interrupted", steps = 1000, width = 64, height = 64 });
        await service.RunningAsync("interrupted");

        var progress = await service.GetAsync("/sdapi/v1/progress");
        await service.PostAsync("/sdapi/v1/interrupt");

        Assert.InRange(progress.GetProperty("progress").GetDouble(), 0, 1);
        Assert.Equal(1000, progress.GetProperty("state").Number("sampling_steps"));
        Assert.Equal(409, (await asking).Status);
    }

    [Fact]
    public async Task A_picture_says_what_it_was_painted_from()
    {
        var png = PictureWriter.EncodePng(Picture.Filled(4, 4, new(1, 2, 3)), new Dictionary<string, string> { ["parameters"] = "a dog\nSteps: 3" });

        var (_, info) = await service.PostAsync("/sdapi/v1/png-info", new { image = Convert.ToBase64String(png) });

        Assert.Equal("a dog\nSteps: 3", info.Text("info"));
    }

    [Fact]
    public async Task Lists_are_there()
    {
        Assert.Contains((await service.GetAsync("/sdapi/v1/samplers")).EnumerateArray(), item => item.Text("name") == "Euler a");
        Assert.Contains((await service.GetAsync("/sdapi/v1/schedulers")).EnumerateArray(), item => item.Text("name") == "karras");
        Assert.Contains((await service.GetAsync("/sdapi/v1/sd-models")).EnumerateArray(), item => item.Text("model_name") == "toybox");
        Assert.Equal(0, (await service.GetAsync("/sdapi/v1/loras")).GetArrayLength());
        Assert.Equal("toybox", (await service.GetAsync("/sdapi/v1/options")).Text("sd_model_checkpoint"));
        Assert.Equal(200, (await service.PostAsync("/sdapi/v1/options", new { samples_format = "png" })).Status);
    }
}
