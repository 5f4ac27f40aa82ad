using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Server.Api.A1111;

/// <summary>A request of AUTOMATIC1111's API, as far as it means something here; clients send much else, which is passed over.</summary>
internal sealed partial record A1111Order
{
    public string Prompt { get; init; } = "";

    public string? NegativePrompt { get; init; }

    public long Seed { get; init; } = -1;

    public int? Steps { get; init; }

    public double? CfgScale { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public int BatchSize { get; init; } = 1;

    public int NIter { get; init; } = 1;

    public string? SamplerName { get; init; }

    public string? SamplerIndex { get; init; }

    public string? Scheduler { get; init; }

    public IReadOnlyList<string> InitImages { get; init; } = [];

    public string? Mask { get; init; }

    public int InpaintingMaskInvert { get; init; }

    public double? DenoisingStrength { get; init; }

    public IReadOnlyDictionary<string, JsonElement> OverrideSettings { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>As a request of ours; prompts weigh words by brackets, and <c>&lt;lora:NAME:SCALE&gt;</c> in them is a LoRA.</summary>
    /// <exception cref="RefusedException">A picture is missing or no picture, or a name unknown.</exception>
    public GenerationRequest ToRequest(bool isImage)
    {
        var (sampler, schedule) = A1111Samplers.Find(SamplerName ?? SamplerIndex, Scheduler);
        var image = !isImage ? null : InitImages.Count == 1
            ? Read(InitImages[0], "init_images[0]")
            : throw Wrong("init_images", $"are {InitImages.Count} pictures; give one.");
        return new()
        {
            Prompt = Loras().Replace(Prompt, "").Trim(),
            Loras = [.. Loras().Matches(Prompt).Select(match => new Lora(
                match.Groups["name"].Value, match.Groups["scale"] is { Success: true } scale ? double.Parse(scale.Value, CultureInfo.InvariantCulture) : 1))],
            NegativePrompt = NegativePrompt ?? "",
            PromptWeights = true,
            Seed = Seed < 0 ? (ulong)Random.Shared.NextInt64(uint.MaxValue) : (ulong)Seed,
            Steps = Steps,
            Guidance = CfgScale,
            Size = Width is { } width && Height is { } height ? new PixelSize(width, height) : null,
            Count = Math.Clamp(BatchSize, 1, 64) * Math.Clamp(NIter, 1, 64),
            Sampler = sampler,
            Schedule = schedule,
            Model = OverrideSettings.TryGetValue("sd_model_checkpoint", out var model) && model.ValueKind == JsonValueKind.String
                ? model.GetString()!.Split(' ')[0]
                : null,
            Image = image,
            Mask = !isImage || Mask is null ? null : InpaintingMaskInvert == 0 ? Read(Mask, "mask") : Inverted(Read(Mask, "mask")),
            Denoise = isImage ? DenoisingStrength : null,
        };
    }

    /// <summary>A picture as its clients send it: base 64, with or without what makes it a data URL.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public static Reference Read(string text, string field)
    {
        try
        {
            return Reference.FromBytes(Convert.FromBase64String(text.StartsWith("data:", StringComparison.Ordinal) ? text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..] : text));
        }
        catch (FormatException)
        {
            throw Wrong(field, "is no picture in base 64.");
        }
    }

    private static Reference Inverted(Reference mask)
    {
        var picture = PictureReader.Read(mask.Bytes!, "mask").WithoutAlpha();
        return Reference.FromBytes(PictureWriter.EncodePng(Picture.FromRgb([.. picture.ToRgb().Select(value => (byte)(255 - value))], picture.Size)));
    }

    private static RefusedException Wrong(string field, string problem) => new(StatusCodes.Status422UnprocessableEntity, field, problem);

    [GeneratedRegex(@"<lora:(?<name>[^:>]+)(?::(?<scale>-?\d*\.?\d+))?>")]
    private static partial Regex Loras();
}
