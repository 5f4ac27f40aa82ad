using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Samples;

/// <summary>Custom Diffusion: keys and values of cross-attention, and a new word.</summary>
internal static class CustomDiffusionSample
{
    public static async Task Learn()
    {
        // <learn>
        var request = new LearnRequest
        {
            Method = "custom-diffusion",
            Model = "models/toybox",
            Subjects = [new() { Kind = "cat", References = [Reference.FromFile("photos/tom")] }],
            Output = "runs/tom",
        };
        await foreach (var item in Learning.RunAsync(request))
        {
            Console.WriteLine(item);    // steps, evaluations, checkpoints; the same request goes on where it was stopped
        }
        // </learn>
    }

    public static async Task Paint()
    {
        // <paint>
        using var generator = ImageGenerator.Open("models/toybox");
        var pictures = await generator.PaintAsync(new()
        {
            Prompt = "a {<new1>} cat in the snow",
            Subjects =
            [
                new() { Phrase = "<new1>", Learned = ["runs/tom/model/pytorch_custom_diffusion_weights.safetensors", "runs/tom/model/<new1>.safetensors"] },
            ],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
