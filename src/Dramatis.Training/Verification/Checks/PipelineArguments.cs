using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Verification.Checks;

/// <summary>The arguments of a published pipeline's call.</summary>
internal sealed class PipelineArguments(JsonElement arguments)
{
    private static readonly string[] Known =
    [
        "prompt", "negative_prompt", "guidance_scale", "guidance_rescale", "num_inference_steps", "height", "width", "num_images_per_prompt",
        "clip_skip", "eta", "prompt_2", "negative_prompt_2", "original_size", "crops_coords_top_left", "target_size",
        "negative_original_size", "negative_crops_coords_top_left", "negative_target_size", "strength",
        "controlnet_conditioning_scale", "control_guidance_start", "control_guidance_end", "guess_mode",
    ];

    private int Each => Whole("num_images_per_prompt", 1);

    /// <summary>An argument that nothing here does.</summary>
    public string? Unknown => Whole("clip_skip") > 1
        ? "clip_skip above 1"
        : arguments.EnumerateObject().Select(item => item.Name).FirstOrDefault(name => !Known.Contains(name));

    public IReadOnlyList<string> Prompts => Texts("prompt", 1);

    public IReadOnlyList<string>? SecondPrompts => Has("prompt_2") ? Texts("prompt_2", 1) : null;

    public IReadOnlyList<string?> NegativePrompts => Negative("negative_prompt");

    public IReadOnlyList<string?>? SecondNegativePrompts => Has("negative_prompt_2") ? Negative("negative_prompt_2") : null;

    public bool Guess => Has("guess_mode") && arguments.GetProperty("guess_mode").GetBoolean();

    /// <summary>The size asked for; null: that of the picture to begin with.</summary>
    public PixelSize? Size => Has("width") ? new(Whole("width"), Whole("height")) : null;

    public int Whole(string name, int otherwise = 0) => Has(name) ? arguments.GetProperty(name).GetInt32() : otherwise;

    public double Number(string name, double otherwise) => Has(name) ? arguments.GetProperty(name).GetDouble() : otherwise;

    // The reference repeats the pair of a negative and a positive row, though its texts come all negative ones first: kept for parity.
    public IReadOnlyList<PictureFrame>? Frames(PixelSize size) => Frame("", size) is { } frame
        ? [.. Enumerable.Repeat<PictureFrame[]>([Frame("negative_", size) ?? frame, frame], Prompts.Count).SelectMany(pair => pair)]
        : null;

    private bool Has(string name) => arguments.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private PictureFrame? Frame(string prefix, PixelSize size)
    {
        if (!Has($"{prefix}original_size"))
        {
            return null;
        }

        var (original, target) = (Pair($"{prefix}original_size"), Has($"{prefix}target_size") ? Pair($"{prefix}target_size") : size);
        return Has($"{prefix}crops_coords_top_left") && Pair($"{prefix}crops_coords_top_left") is var crop
            ? new(original, left: crop.Width, top: crop.Height, target)
            : new(original, target: target);
    }

    // Height first, or top first.
    private PixelSize Pair(string name) => new(arguments.GetProperty(name)[1].GetInt32(), arguments.GetProperty(name)[0].GetInt32());

    private string?[] Negative(string name) =>
        Has(name) ? [.. Texts(name, Prompts.Count / Each)] : new string?[Prompts.Count];

    // One text or a list of them, each for so many pictures in a row.
    private List<string> Texts(string name, int count)
    {
        var texts = !Has(name) ? [.. Enumerable.Repeat("", count)]
            : arguments.GetProperty(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(text => text.GetString()!).ToArray()
            : [arguments.GetProperty(name).GetString()!];
        return [.. texts.SelectMany(text => Enumerable.Repeat(text, Each))];
    }
}
