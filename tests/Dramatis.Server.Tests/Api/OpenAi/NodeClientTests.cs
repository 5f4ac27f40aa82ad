using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Api.OpenAi;

/// <summary>The official client for JavaScript, unchanged; needs node and the network.</summary>
[Slow]
public sealed class NodeClientTests(PaintingService painting) : IClassFixture<PaintingService>
{
    private const string Script = """
        import fs from 'fs';
        import OpenAI, { toFile } from 'openai';
        const client = new OpenAI({ apiKey: 'none', baseURL: process.argv[2] + 'v1' });
        const picture = async name => toFile(fs.createReadStream(process.argv[3] + '/' + name + '.png'), name + '.png', { type: 'image/png' });

        const plain = await client.images.generate({ model: 'toybox', prompt: 'a beach', n: 2, size: '64x64', steps: 2 });
        console.log('generate', plain.data.length, Buffer.from(plain.data[0].b64_json, 'base64').subarray(1, 4).toString());

        const seen = [];
        const stream = await client.images.generate({ model: 'toybox', prompt: 'a beach', size: '128x128', steps: 16, stream: true, partial_images: 2 });
        for await (const event of stream) seen.push(event.type);
        console.log('stream', seen.filter(type => type.endsWith('partial_image')).length > 0, seen.at(-1));

        const cast = await client.images.edit({ model: 'toybox', prompt: 'a {dog} and a {rose} on a beach', image: [await picture('dog'), await picture('rose')], size: '64x64', steps: 2 });
        console.log('edit', cast.data.length);

        const wrong = await client.images.generate({ model: 'none', prompt: 'x' }).catch(error => error);
        console.log('error', wrong.status, wrong.param);
        """;

    [Fact]
    public async Task It_generates_streams_and_edits()
    {
        using var node = new NodeFolder();
        await node.InstallAsync("""{ "private": true, "dependencies": { "openai": "7.57" } }""");

        var output = await node.RunAsync(Script, painting.Service.Address);

        Assert.Equal("generate 2 PNG\nstream true image_generation.completed\nedit 1\nerror 422 model\n", output);
    }
}
