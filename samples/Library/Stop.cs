using Dramatis.Pipelines;
using Dramatis.Toybox;

namespace Dramatis.Samples;

/// <summary>Stopping what is being painted.</summary>
internal static class StopSample
{
    public static async Task Paint()
    {
        using var generator = ImageGenerator.Open(EmbeddedModel.Folder);

        // <stop>
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await generator.PaintAsync(new() { Prompt = "a dog on a beach", Count = 64 }, stop.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("stopped");    // within a step; the generator goes on to the next request
        }
        // </stop>

        var pictures = await generator.PaintAsync(new() { Prompt = "a dog on a beach", Steps = 2 });
        Console.WriteLine($"painted {pictures.Count}");
    }
}
