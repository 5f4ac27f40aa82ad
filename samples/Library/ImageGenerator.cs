using Dramatis.Extensions.AI;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;
using Microsoft.Extensions.AI;

namespace Dramatis.Samples;

/// <summary>As .NET's AI libraries know a generator.</summary>
internal static class ImageGeneratorSample
{
    public static async Task Paint()
    {
        // <ai>
        using IImageGenerator generator = new DramatisImageGenerator(ImageGenerator.Open(EmbeddedModel.Folder));
        var panda = await DataContent.LoadFromAsync("samples/subjects/panda.png");
        var rose = await DataContent.LoadFromAsync("samples/subjects/rose.png");

        // A picture for each word in braces; settings by the names of the order file.
        var response = await generator.GenerateAsync(
            new("a {panda} and a {rose} on a beach", [panda, rose]),
            new() { Count = 2, MediaType = "image/webp", AdditionalProperties = new() { ["steps"] = 20, ["seed"] = 1 } });
        await response.Contents.OfType<DataContent>().First().SaveToAsync("out.webp");

        // The same with all that a request has, in C#.
        var options = new ImageGenerationOptions().WithDramatis(request => request with
        {
            Subjects = [new() { Phrase = "panda", References = [Reference.FromBytes(panda.Data.ToArray())], Place = new(.1, .3, .6, .9) }],
            Steps = 20,
        });
        response = await generator.GenerateAsync(new("a {panda} on a beach"), options);
        // </ai>

        Console.WriteLine($"painted {response.Contents.Count}, {response.Contents.OfType<DataContent>().First().Data.Length} bytes");
    }
}
