using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Adapters;

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

    public static async Task Train()
    {
        // <train>
        var request = new IpAdapterRequest { Model = "models/toybox", Data = "records", Output = "runs/ip", Pictures = 100_000, Regions = true };
        await foreach (var item in AdapterTraining.RunAsync(request))
        {
            Console.WriteLine(item);    // steps, evaluations, checkpoints; the same request goes on where it was stopped
        }
        // </train>
    }
}
