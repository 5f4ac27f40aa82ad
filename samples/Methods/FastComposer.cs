using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Adapters;

namespace Dramatis.Samples;

/// <summary>FastComposer: people and things, each a word that a picture changes.</summary>
internal static class FastComposerSample
{
    public static async Task Paint()
    {
        // <paint>
        using var generator = ImageGenerator.Open("sd15");    // with adapters/fastcomposer/pytorch_model.bin
        var pictures = await generator.PaintAsync(new()
        {
            Prompt = "a {man} and a {woman} reading a book together",
            Subjects =
            [
                new() { Phrase = "man", References = [Reference.FromFile("newton.png")] },
                new() { Phrase = "woman", References = [Reference.FromFile("curie.png")], Start = .4 },
            ],
            Method = "fastcomposer",
            Guidance = 5,
            Steps = 50,
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }

    public static async Task Train()
    {
        // <train>
        var request = new FastComposerRequest { Model = "models/toybox", Data = "records", Output = "runs/fc", Layers = ["attn2.to_k", "attn2.to_v"] };
        await foreach (var item in AdapterTraining.RunAsync(request))
        {
            Console.WriteLine(item);    // steps, evaluations, checkpoints; the same request goes on where it was stopped
        }
        // </train>
    }
}
