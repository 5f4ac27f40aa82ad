using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Toybox;
using Dramatis.Weights;

namespace Dramatis.Samples;

/// <summary>Without threads and events.</summary>
internal static class PainterSample
{
    public static Task Paint()
    {
        // <painter>
        using var painter = new Painter(BaseModel.Load(EmbeddedModel.Folder));
        var watch = new PaintWatch { Step = (step, count) => Console.WriteLine($"{step} of {count}") };
        var picture = painter.Paint(new() { Prompt = "a dog on a beach", Steps = 20 }, watch);
        PictureWriter.Write("out.jpg", picture);
        // </painter>

        Console.WriteLine($"painted {picture.Size}");
        return Task.CompletedTask;
    }
}
