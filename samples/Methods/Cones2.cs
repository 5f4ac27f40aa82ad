using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Samples;

/// <summary>Cones 2: a residual of a few kilobytes for each subject.</summary>
internal static class Cones2Sample
{
    public static async Task Learn()
    {
        // <learn>
        var request = new LearnRequest
        {
            Method = "cones2",
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
            Prompt = "a {cat} on a beach",
            Subjects = [new() { Phrase = "cat", Learned = ["runs/tom/model/residual.pt"], Place = new(.1, .3, .6, .9) }],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
