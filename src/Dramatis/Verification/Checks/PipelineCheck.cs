using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A whole run of a published pipeline, from the prompt to the PNG.</summary>
internal sealed class PipelineCheck : IGoldenCheck
{
    // The reference's numbers may fall on either side of a half before they are rounded to a byte.
    private const int PixelTolerance = 1;

    private static readonly string[] Arguments =
    [
        "prompt", "negative_prompt", "guidance_scale", "guidance_rescale", "num_inference_steps", "height", "width", "num_images_per_prompt",
        "clip_skip", "eta", "prompt_2", "negative_prompt_2", "original_size", "crops_coords_top_left", "target_size",
        "negative_original_size", "negative_crops_coords_top_left", "negative_target_size",
    ];

    public IReadOnlyList<string> Components => ["pipeline"];

    public GoldenResult Run(GoldenCase golden)
    {
        var arguments = golden.Fixture.GetProperty("args");
        var scheduler = golden.Fixture.GetProperty("scheduler");
        if (Unbuilt(golden, arguments, scheduler) is { } reason)
        {
            return GoldenResult.Skip(reason);
        }

        var config = SchedulerConfig.Parse(scheduler.GetRawText(), golden.PathOf(GoldenCase.FixtureName)) with
        {
            Eta = arguments.TryGetProperty("eta", out var eta) ? eta.GetDouble() : 0,
        };
        var configs = golden.Fixture.TryGetProperty("config", out _) ? golden.PathOf(golden.Text("config")) : null;
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")), new() { Configs = configs });
        var pipeline = new TextToImage(model);
        var rows = Number(arguments, "num_images_per_prompt", 1);
        var prompts = Texts(arguments, "prompt", 1, rows);
        var size = new PixelSize(Number(arguments, "width"), Number(arguments, "height"));
        var trace = new List<Tensor>();
        var kind = config.Sampler!.Value;
        var run = new TextToImageRun
        {
            Prompts = prompts,
            NegativePrompts = NegativeTexts(arguments, "negative_prompt", prompts.Count / rows, rows),
            SecondPrompts = arguments.TryGetProperty("prompt_2", out _) ? Texts(arguments, "prompt_2", 1, rows) : null,
            SecondNegativePrompts = arguments.TryGetProperty("negative_prompt_2", out _)
                ? NegativeTexts(arguments, "negative_prompt_2", prompts.Count / rows, rows)
                : null,
            SkipsLastTextLayer = Number(arguments, "clip_skip") == 1,
            Frames = Frames(arguments, size, prompts.Count),
            Size = size,
            Steps = Number(arguments, "num_inference_steps"),
            Sampler = kind,
            Scheduler = config,
            Guidance = arguments.GetProperty("guidance_scale").GetDouble(),
            GuidanceRescale = arguments.TryGetProperty("guidance_rescale", out var rescale) ? rescale.GetDouble() : 0,
            OnStep = (step, x) => trace.Add(SchedulerCheck.InReference(x, kind, step.Next).DetachFromDisposeScope()),
        };

        using var noise = golden.Has(StoredNoise.First) ? new StoredNoise(golden) : new Noise([.. Enumerable.Range(0, prompts.Count).Select(_ => 0ul)]);
        var latents = pipeline.Sample(run, golden.Tensor("latents"), noise, CancellationToken.None);
        var decoded = pipeline.Decode(latents);
        var schedule = Schedule.Make(config, kind, run.Steps);
        var results = new List<(string, Tensor)>
        {
            ("mid.prompt_embeds", pipeline.Encode(prompts, run.SecondPrompts, run.SkipsLastTextLayer ? prompts.Count : 0).Text),
            ("timesteps", tensor(schedule.Steps.Select(step => schedule.TimestepAt(step.Sigma)).ToArray())),
            ("trace", stack([.. trace])),
        };
        if (golden.Has("decoded"))
        {
            results.Add(("decoded", decoded));
        }

        var numbers = golden.Compare([.. results.Where(result => golden.Has(result.Item1))]);
        var pictures = PicturePixels.ToPictures(decoded).Select((picture, i) => Compare(golden, $"image_{i}.png", picture));
        return numbers with { Outputs = [.. numbers.Outputs, .. pictures] };
    }

    /// <summary>The noise that the reference added, step by step.</summary>
    private sealed class StoredNoise(GoldenCase golden) : Noise
    {
        public const string First = "noise.step.0";

        private int step;

        public override Tensor Like(Tensor x) => golden.Tensor($"noise.step.{step++}");
    }

    private static string? Unbuilt(GoldenCase golden, JsonElement arguments, JsonElement scheduler)
    {
        var pipeline = golden.Text("pipeline");
        var sampler = scheduler.GetProperty("_class_name").GetString()!;
        return pipeline is not ("StableDiffusionPipeline" or "StableDiffusionXLPipeline") || !Path.Exists(golden.PathOf(golden.Text("model"))) ? $"{pipeline} of this kind is not built yet"
            : SamplerKinds.OfDiffusers(sampler) is null ? $"the sampler {sampler} is not built yet"
            : Number(arguments, "clip_skip") > 1 ? "\"clip_skip\" above 1 is not built yet"
            : arguments.EnumerateObject().Select(item => item.Name).FirstOrDefault(item => !Arguments.Contains(item)) is { } name ? $"\"{name}\" is not built yet"
            : null;
    }

    private static GoldenDifference Compare(GoldenCase golden, string name, Picture ours)
    {
        var expected = PictureReader.Read(golden.PathOf(name));
        return expected.Size == ours.Size
            ? new(name, expected.Rgba.Zip(ours.Rgba, (a, b) => Math.Abs(a - b)).Max(), PixelTolerance)
            : new(name, double.PositiveInfinity, PixelTolerance, $"{ours.Size} for {expected.Size}");
    }

    private static List<string?> NegativeTexts(JsonElement arguments, string name, int count, int each) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? [.. Texts(arguments, name, count, each)]
            : [.. Enumerable.Repeat<string?>(null, count * each)];

    // The reference repeats the pair of a negative and a positive row, though its texts come all negative ones first: kept for parity.
    private static List<PictureFrame>? Frames(JsonElement arguments, PixelSize size, int pictures) => Frame(arguments, "", size) is { } frame
        ? [.. Enumerable.Repeat<PictureFrame[]>([Frame(arguments, "negative_", size) ?? frame, frame], pictures).SelectMany(pair => pair)]
        : null;

    private static PictureFrame? Frame(JsonElement arguments, string prefix, PixelSize size)
    {
        if (!arguments.TryGetProperty($"{prefix}original_size", out var original))
        {
            return null;
        }

        var target = arguments.TryGetProperty($"{prefix}target_size", out var wanted) ? Size(wanted) : size;
        return arguments.TryGetProperty($"{prefix}crops_coords_top_left", out var crop)
            ? new(Size(original), Left: crop[1].GetInt32(), Top: crop[0].GetInt32(), target)
            : new(Size(original), Target: target);

        static PixelSize Size(JsonElement pair) => new(pair[1].GetInt32(), pair[0].GetInt32());
    }

    private static int Number(JsonElement arguments, string name, int otherwise = 0) =>
        arguments.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;

    // One text or a list of them, each for so many pictures in a row.
    private static List<string> Texts(JsonElement arguments, string name, int count, int each)
    {
        var texts = !arguments.TryGetProperty(name, out var value) ? [.. Enumerable.Repeat("", count)]
            : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(text => text.GetString()!).ToArray()
            : [value.GetString()!];
        return [.. texts.SelectMany(text => Enumerable.Repeat(text, each))];
    }
}
