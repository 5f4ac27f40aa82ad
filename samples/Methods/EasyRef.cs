using Dramatis.Pipelines;
using Dramatis.Requests;

namespace Dramatis.Samples;

/// <summary>EasyRef: what a group of pictures shares, for the whole picture.</summary>
internal static class EasyRefSample
{
    public static async Task Paint()
    {
        // <paint>
        using var generator = ImageGenerator.Open("sdxl");    // with adapters/easyref/model.safetensors and adapters/easyref/multimodal_llm
        var pictures = await generator.PaintAsync(new()
        {
            Prompt = "a lighthouse at dusk",
            References = [Reference.FromFile("ink-1.png"), Reference.FromFile("ink-2.png"), Reference.FromFile("ink-3.png")],
            Guidance = 5,
        });
        File.WriteAllBytes("out.png", pictures[0].Png);
        // </paint>
    }
}
