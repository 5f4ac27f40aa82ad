using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;

namespace Dramatis.Samples;

/// <summary>What happens while a picture is painted.</summary>
internal static class StreamSample
{
    public static async Task Paint()
    {
        // <stream>
        using var generator = ImageGenerator.Open(EmbeddedModel.Folder, new() { PreviewEvery = 5 });
        await foreach (var item in generator.GenerateAsync(new() { Prompt = "a dog on a beach", Steps = 20, Count = 2 }))
        {
            Console.WriteLine(item switch
            {
                ModelReady ready => $"model ready after {ready.Seconds:0.0} s",
                StepDone step => $"picture {step.Picture}: step {step.Step} of {step.Count}",
                Preview preview => $"picture {preview.Picture}: looks like this after {preview.Step} steps, {preview.Png.Length} bytes",
                Notice notice => $"{notice.Field}: {notice.Text}",
                PictureDone done => $"picture {done.Picture}: done with seed {done.Seed}, {done.Png.Length} bytes",
                _ => item.ToString(),
            });
        }
        // </stream>
    }
}
