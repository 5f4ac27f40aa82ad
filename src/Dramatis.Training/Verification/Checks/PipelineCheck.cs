using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A whole run of a published pipeline, from the prompt, and a picture where it begins with one, to the PNG.</summary>
internal sealed class PipelineCheck : IGoldenCheck
{
    // The reference's numbers may fall on either side of a half before they are rounded to a byte.
    private const int PixelTolerance = 1;

    public IReadOnlyList<string> Components => ["pipeline"];

    public GoldenResult Run(GoldenCase golden)
    {
        var arguments = new PipelineArguments(golden.Fixture.GetProperty("args"));
        if (arguments.Unknown is { } unknown)
        {
            return GoldenResult.Skip($"\"{unknown}\" is not built yet");
        }

        var config = SchedulerConfig.Parse(golden.Fixture.GetProperty("scheduler").GetRawText(), golden.PathOf(GoldenCase.FixtureName)) with
        {
            Eta = arguments.Number("eta", 0),
        };
        var configs = golden.Fixture.TryGetProperty("config", out _) ? golden.PathOf(golden.Text("config")) : null;
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")), new() { Configs = configs });
        using var noise = new StoredNoise(golden);
        var trace = new List<Tensor>();
        var run = RunOf(golden, arguments, config, model, noise) with
        {
            OnStep = (step, x) => trace.Add(SchedulerCheck.InReference(x, config.Sampler!.Value, step.Next).DetachFromDisposeScope()),
        };

        var pipeline = new TextToImage(model);
        var start = golden.Tensor(golden.Has("latents") ? "latents" : "noise.latents.0");
        var decoded = pipeline.Decode(pipeline.Sample(run, start, noise, CancellationToken.None));
        foreach (var control in run.Controls)
        {
            control.Network.Dispose();
        }

        var schedule = LatentPainter.ScheduleOf(run);
        (string Name, Tensor Ours)[] results =
        [
            ("mid.prompt_embeds", pipeline.Encode(run.Prompts, run.SecondPrompts, run.SkipsLastTextLayer ? run.Prompts.Count : 0).Text),
            ("timesteps", tensor(schedule.Steps.Select(step => schedule.TimestepAt(step.Sigma)).ToArray())),
            ("trace", stack([.. trace])),
            ("decoded", decoded),
        ];
        var numbers = golden.Compare([.. results.Where(result => golden.Has(result.Name))]);
        var pictures = PicturePixels.ToPictures(decoded).Select((picture, i) => Compare(golden, $"image_{i}.png", picture));
        return numbers with { Outputs = [.. numbers.Outputs, .. pictures] };
    }

    private static TextToImageRun RunOf(GoldenCase golden, PipelineArguments arguments, SchedulerConfig config, BaseModel model, Noise noise)
    {
        var source = SourceOf(golden, arguments, model, noise, out var pictureSize);
        var size = arguments.Size ?? pictureSize;
        return new()
        {
            Prompts = arguments.Prompts,
            NegativePrompts = arguments.NegativePrompts,
            SecondPrompts = arguments.SecondPrompts,
            SecondNegativePrompts = arguments.SecondNegativePrompts,
            SkipsLastTextLayer = arguments.Whole("clip_skip") == 1,
            Frames = arguments.Frames(size),
            Size = size,
            Steps = arguments.Whole("num_inference_steps"),
            Sampler = config.Sampler!.Value,
            Scheduler = config,
            Guidance = arguments.Number("guidance_scale", 0),
            GuidanceRescale = arguments.Number("guidance_rescale", 0),
            Source = source,
            Controls = golden.Fixture.TryGetProperty("controlnet", out _) ? [ControlOf(golden, arguments, size)] : [],
        };
    }

    private static PictureSource? SourceOf(GoldenCase golden, PipelineArguments arguments, BaseModel model, Noise noise, out PixelSize size)
    {
        size = default;
        var path = golden.PathOf("source.png");
        if (!File.Exists(path))
        {
            return null;
        }

        var picture = PictureReader.Read(path);
        size = arguments.Size ?? SizedPicture.Paintable(picture.Size, model.Vae.Config.Factor);
        var mask = golden.PathOf("mask.png");
        return PictureSource.Of(
            picture.Resize(size, ResizeFilter.Lanczos),
            File.Exists(mask) ? RegionMask.Of(PictureReader.Read(mask), size) : null,
            arguments.Number("strength", 1),
            model,
            noise);
    }

    private static ControlRun ControlOf(GoldenCase golden, PipelineArguments arguments, PixelSize size) => new(
        ModelFolder.LoadControlNet(golden.PathOf(golden.Text("controlnet"))),
        ControlRun.ConditionOf(PictureReader.Read(golden.PathOf("control.png")).Resize(size, ResizeFilter.Lanczos)),
        new()
        {
            Model = "controlnet",
            Picture = Reference.FromFile("control.png"),
            Scale = arguments.Number("controlnet_conditioning_scale", 1),
            Start = arguments.Number("control_guidance_start", 0),
            End = arguments.Number("control_guidance_end", 1),
            Guess = arguments.Guess,
        });

    private static GoldenDifference Compare(GoldenCase golden, string name, Picture ours)
    {
        var expected = PictureReader.Read(golden.PathOf(name));
        return expected.Size == ours.Size
            ? new(name, expected.Rgba.Zip(ours.Rgba, (a, b) => Math.Abs(a - b)).Max(), PixelTolerance)
            : new(name, double.PositiveInfinity, PixelTolerance, $"{ours.Size} for {expected.Size}");
    }

    /// <summary>What the reference drew: for pictures first, then step by step.</summary>
    private sealed class StoredNoise(GoldenCase golden) : Noise
    {
        private int step;
        private int picture;

        public override Tensor Like(Tensor x) => golden.Has($"noise.vae.{picture}")
            ? golden.Tensor($"noise.vae.{picture++}")
            : golden.Tensor($"noise.step.{step++}");
    }
}
