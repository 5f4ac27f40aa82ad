using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Adapters;

namespace Dramatis.Samples;

/// <summary>MS-Diffusion: a picture, words and a place for each subject.</summary>
internal static class MsDiffusionSample
{
    public static async Task Paint()
    {
        // <paint>
        using var generator = ImageGenerator.Open("models/toybox");
        var pictures = await generator.PaintAsync(new()
        {
            Prompt = "a {panda} and a {rose} on a beach",
            Subjects =
            [
                new() { Phrase = "panda", References = [Reference.FromFile("samples/subjects/panda.png")], Place = new(.05, .35, .47, .92) },
                new() { Phrase = "rose", References = [Reference.FromFile("samples/subjects/rose.png")], Place = new(.55, .30, .95, .92) },
            ],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }

    public static async Task Train()
    {
        // <train>
        var request = new MsDiffusionRequest { Model = "models/toybox", Data = "records", Output = "runs/ms", Pictures = 100_000 };
        await foreach (var item in AdapterTraining.RunAsync(request))
        {
            Console.WriteLine(item);    // steps, evaluations, checkpoints; the same request goes on where it was stopped
        }
        // </train>
    }
}
