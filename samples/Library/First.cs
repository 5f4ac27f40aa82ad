// <first>
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;

// </first>
namespace Dramatis.Samples;

/// <summary>A picture of one subject.</summary>
internal static class FirstSample
{
    public static async Task Paint()
    {
        // <first>
        using var generator = ImageGenerator.Open(EmbeddedModel.Folder);
        var pictures = await generator.PaintAsync(new()
        {
            Prompt = "a {panda} on a beach",
            Subjects = [new() { Phrase = "panda", References = [Reference.FromFile("samples/subjects/panda.png")] }],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </first>

        Console.WriteLine($"painted {pictures.Count}, {pictures[0].Png.Length} bytes");
    }
}
