using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Samples;

/// <summary>Cones: the concept neurons that it switches off.</summary>
internal static class ConesSample
{
    public static async Task Learn()
    {
        // <learn>
        var request = new LearnRequest
        {
            Method = "cones",
            Model = "models/toybox",
            Subjects = [new() { Kind = "dog", References = [Reference.FromFile("photos/rex")] }],
            Output = "runs/rex",
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
            Subjects = [new() { Phrase = "sks dog", Learned = ["runs/rex/model/cones.safetensors"] }],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
