using Dramatis.Pipelines;
using Dramatis.Toybox;

namespace Dramatis.Samples;

/// <summary>Fifty pictures of several sizes, and what memory the process has.</summary>
internal static class ManySample
{
    private const int Pictures = 50;
    private const int Line = 10;

    public static async Task Paint()
    {
        using var generator = ImageGenerator.Open(EmbeddedModel.Folder);
        for (var i = 1; i <= Pictures; i++)
        {
            await generator.PaintAsync(new() { Prompt = "a dog on a beach", Steps = 4, Size = new(64 + (64 * (i % 2)), 128) });
            if (i % Line == 0)
            {
                Console.WriteLine($"after {i}: {Environment.WorkingSet >> 20} MiB");
            }
        }
    }
}
