using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Api.A1111;

/// <summary>A client of AUTOMATIC1111's API, unchanged; needs node and the network.</summary>
[Slow]
public sealed class NodeClientTests(PaintingService painting) : IClassFixture<PaintingService>
{
    // Its pictures come through sharp, whose release of that time wants a library of the system's.
    private const string Package = """{ "private": true, "dependencies": { "stable-diffusion-api": "0.0.7" }, "overrides": { "sharp": "^0.34.0" } }""";

    private const string Script = """
        import module from 'stable-diffusion-api';
        import sharp from 'sharp';
        const client = new module.default({ baseUrl: process.argv[2].replace(/[/]$/, ''), defaultStepCount: 2 });
        const small = { width: 64, height: 64 };

        const first = await client.txt2img({ prompt: 'a (dog:1.2) on a beach', negative_prompt: 'blurry', seed: 5, batch_size: 2, cfg_scale: 4, ...small });
        const size = await first.image.metadata();
        console.log('txt2img', first.images.length, size.format, size.width, size.height, JSON.parse(first.info).all_seeds.join());

        const over = await client.img2img({ prompt: 'snow', init_images: [sharp(process.argv[3] + '/dog.png')], denoising_strength: 0.6, ...small });
        console.log('img2img', over.images.length);

        console.log('models', (await client.getSdModels()).map(model => model.title).join());
        console.log('samplers', (await client.getSamplers()).some(sampler => sampler.name === 'DPM++ 2M'));
        console.log('options', (await client.getOptions()).sd_model_checkpoint, JSON.stringify(await client.setOptions({ sd_model_checkpoint: 'toybox' })));
        console.log('progress', (await client.getProgress()).progress);

        const wrong = await client.txt2img({ prompt: 'x', sampler_name: 'Magic' }).catch(error => error);
        console.log('error', wrong.response.status, wrong.response.data.field);
        """;

    [Fact]
    public async Task It_paints_paints_over_and_asks_what_is_there()
    {
        using var node = new NodeFolder();
        await node.InstallAsync(Package);

        var output = await node.RunAsync(Script, painting.Service.Address);

        Assert.Equal(
            """
            txt2img 2 png 64 64 5,6
            img2img 1
            models toybox
            samplers true
            options toybox {}
            progress 0
            error 422 sampler_name

            """,
            output);
    }
}
