using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;

namespace Dramatis.Samples;

/// <summary>Several callers of one generator.</summary>
internal static class TogetherSample
{
    public static async Task Paint()
    {
        GenerationRequest dog = new() { Prompt = "a dog on a beach", Steps = 5, Seed = 1 };
        GenerationRequest cat = new() { Prompt = "a cat in the snow", Steps = 7, Seed = 2 };

        // <together>
        using var generator = ImageGenerator.Open(EmbeddedModel.Folder);
        var both = await Task.WhenAll(generator.PaintAsync(dog), generator.PaintAsync(cat));    // one after the other, each as if alone
        // </together>

        var alone = (await generator.PaintAsync(dog)).Concat(await generator.PaintAsync(cat));
        var isSame = alone.Zip(both.SelectMany(pictures => pictures)).All(pair => pair.First.Png.AsSpan().SequenceEqual(pair.Second.Png));
        Console.WriteLine($"the same as alone: {isSame}");
    }
}
