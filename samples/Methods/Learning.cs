using Dramatis.Pipelines;
using Dramatis.Training;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Samples;

/// <summary>Learning by any method, as an order file has it.</summary>
internal static class LearningSample
{
    public static async Task Learn()
    {
        // <learn>
        var request = LearnRequestJson.Load("samples/orders/learn.json") with { Model = "models/toybox", Output = "runs/toys" };
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));    // the next call goes on where this one is stopped
        await foreach (var item in Learning.RunAsync(request, stop.Token))
        {
            Console.WriteLine(item switch
            {
                TrainingStepDone done => $"step {done.Step} of {done.Steps}, loss {done.AverageLoss:0.000}",
                TrainingFinished finished => $"learned: {finished.Folder}",
                _ => item.ToString(),
            });
        }
        // </learn>

        await Paint(request);
    }

    private static async Task Paint(LearnRequest request)
    {
        // <paint>
        var painted = Learning.Painted(request)[0];
        using var generator = ImageGenerator.Open(painted.Model ?? "models/toybox");
        var pictures = await generator.PaintAsync(new()
        {
            Prompt = $"a {painted.Words} on a beach",
            Subjects = painted.Subject is { } subject ? [subject] : [],
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
