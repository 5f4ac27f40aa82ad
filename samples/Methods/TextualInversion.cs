using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Samples;

/// <summary>Textual Inversion: a new word.</summary>
internal static class TextualInversionSample
{
    public static async Task Learn()
    {
        // <learn>
        var request = new LearnRequest
        {
            Method = "textual-inversion",
            Model = "models/toybox",
            Subjects = [new() { Kind = "toy", References = [Reference.FromFile("photos/toy")] }],
            Output = "runs/toy",
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
            Prompt = "a {toy} in the snow",
            Subjects = [new() { Phrase = "toy", Learned = ["runs/toy/model/learned_embeds.safetensors"] }],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
