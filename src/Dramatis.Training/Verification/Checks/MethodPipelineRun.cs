using System.Text.Json;
using Dramatis.Conditioning;
using Dramatis.Networks.ControlNet;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A run of a pipeline with a method, whose settings stand in the fixture itself.</summary>
internal static class MethodPipelineRun
{
    private const int Corner = 32;

    public static List<Picture> Pictures(GoldenCase golden, JsonElement paths) =>
        [.. paths.EnumerateArray().Select(path => PictureReader.Read(golden.PathOf(path.GetString()!)))];

    public static PixelSize SizeOf(GoldenCase golden) =>
        new(golden.Fixture.GetProperty("width").GetInt32(), golden.Fixture.GetProperty("height").GetInt32());

    /// <summary>Those results that the case has.</summary>
    public static IEnumerable<(string Name, Tensor Ours)> Run(
        GoldenCase golden, BaseModel model, ConditioningSession session, IReadOnlyList<string> prompts, IReadOnlyList<string> negativePrompts)
    {
        var trace = new List<Tensor>();
        using var control = golden.Fixture.TryGetProperty("controlnet", out _) ? ModelFolder.LoadControlNet(golden.PathOf(golden.Text("controlnet"))) : null;
        var kind = model.Scheduler.Sampler!.Value;
        var run = new TextToImageRun
        {
            Prompts = prompts,
            NegativePrompts = negativePrompts,
            Size = SizeOf(golden),
            Steps = golden.Fixture.GetProperty("steps").GetInt32(),
            Sampler = kind,
            Scheduler = model.Scheduler,
            Guidance = golden.Fixture.GetProperty("guidance").GetDouble(),
            Session = session,
            Controls = control is null ? [] : [ControlOf(golden, control)],
            OnStep = (step, x) => trace.Add(SchedulerCheck.InReference(x, kind, step.Next).DetachFromDisposeScope()),
        };
        var pipeline = new TextToImage(model);
        using var noise = new Noise([.. prompts.Select(_ => 0ul)]);
        var decoded = pipeline.Decode(pipeline.Sample(run, golden.Tensor("initial_latents"), noise, CancellationToken.None));
        var schedule = Schedule.Make(run.Scheduler, kind, run.Steps);
        (string Name, Tensor Ours)[] all =
        [
            ("mid.timesteps", tensor(schedule.Steps.Select(step => schedule.TimestepAt(step.Sigma)).ToArray())),
            ("mid.decoded_corner", decoded[.., .., ..Corner, ..Corner]),
            ("trace", stack([.. trace])),
            ("decoded", decoded),
        ];
        return all.Where(item => golden.Has(item.Name));
    }

    private static ControlRun ControlOf(GoldenCase golden, ControlNet network)
    {
        var picture = PictureReader.Read(golden.PathOf(golden.Text("control_image"))).Resize(SizeOf(golden), ResizeFilter.Lanczos);
        return new(network, ControlRun.ConditionOf(picture), new()
        {
            Model = "controlnet",
            Picture = Reference.FromFile("control.png"),
            Scale = golden.Fixture.GetProperty("controlnet_conditioning_scale").GetDouble(),
            SeesSubjects = golden.Text("controlnet_tokens") == "all",
        });
    }
}
