using Dramatis.Pipelines;
using Dramatis.Requests;

namespace Dramatis.Samples;

/// <summary>IP-Adapter: pictures of what to paint like.</summary>
internal static class IpAdapterSample
{
    public static async Task Paint()
    {
        // <paint>
        using var generator = ImageGenerator.Open("models/toybox");
        var pictures = await generator.PaintAsync(new()
        {
            Prompt = "a {dog} in a meadow",
            Subjects = [new() { Phrase = "dog", References = [Reference.FromFile("samples/subjects/dog.png")], Strength = .8 }],
            Method = "ip-adapter",
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
