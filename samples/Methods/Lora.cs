using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;

namespace Dramatis.Samples;

/// <summary>LoRA: low-rank changes of the model's weights.</summary>
internal static class LoraSample
{
    public static async Task Learn()
    {
        // <learn>
        var request = new LearnRequest
        {
            Method = "lora",
            Model = "models/toybox",
            Subjects = [new() { Kind = "dog", References = [Reference.FromFile("photos/rex")] }],
            Output = "runs/rex",
            Settings = new LoraSettings { Rank = 8 },
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
            Prompt = "a {sks dog} in the snow",
            Subjects = [new() { Phrase = "sks dog", Learned = ["runs/rex/model/pytorch_lora_weights.safetensors"] }],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
