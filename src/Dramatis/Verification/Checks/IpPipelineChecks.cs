using System.Text.Json;
using Dramatis.Conditioning;
using Dramatis.Methods.IpAdapter;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A whole run of the official pipeline: one reference, or one for each prompt.</summary>
internal sealed class IpPipelineCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ip_pipeline"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("pipeline")));
        using var network = IpAdapterFixture.Load(golden, golden.Text("adapter"), model.UNet);
        var samples = golden.Fixture.GetProperty("samples").GetInt32();
        var pictures = IpPipelineRun.Pictures(golden, golden.Fixture.GetProperty("references"));
        var (features, nothing) = IpAdapterFixture.Encode(golden, network.Config, pictures);
        var tokens = network.forward(cat([nothing, features])).repeat_interleave(samples, dim: 0);    // (2 P S, T, E)
        using var session = new ImageTokenSession(network.Show(tokens, new(golden.Fixture.GetProperty("scale").GetDouble())));
        var result = IpPipelineRun.Run(golden, model, session, Texts("prompts"), Texts("negative_prompts"));
        return golden.Compare([("mid.image_tokens", tokens), .. result]);

        IReadOnlyList<string> Texts(string name) =>
            [.. golden.Fixture.GetProperty(name).EnumerateArray().SelectMany(text => Enumerable.Repeat(text.GetString()!, samples))];
    }
}

/// <summary>A whole run of diffusers' pipeline: several references and adapters, with and without masks.</summary>
internal sealed class IpMaskedPipelineCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ip_masked_pipeline"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("pipeline")));
        var files = golden.Fixture.GetProperty("adapters").EnumerateArray().Select(path => path.GetString()!);
        var networks = files.Select(file => IpAdapterFixture.Load(golden, file, model.UNet)).ToList();
        using var session = new ImageTokenSession([.. networks.SelectMany((network, i) => Sets(golden, network, i))]);
        networks.ForEach(network => network.Dispose());

        var samples = golden.Fixture.GetProperty("samples").GetInt32();
        var result = IpPipelineRun.Run(
            golden, model, session, [.. Enumerable.Repeat(golden.Text("prompt"), samples)], [.. Enumerable.Repeat(golden.Text("negative_prompt"), samples)]);
        return golden.Compare([.. result]);
    }

    // Without masks all pictures of an adapter act as one; with masks each acts on its own.
    private static List<ImageTokens> Sets(GoldenCase golden, IpAdapterNetwork network, int adapter)
    {
        var samples = golden.Fixture.GetProperty("samples").GetInt32();
        var (features, nothing) = IpAdapterFixture.Encode(
            golden, network.Config, IpPipelineRun.Pictures(golden, golden.Fixture.GetProperty("references")[adapter]));
        var tokens = stack([network.forward(nothing), network.forward(features)]).repeat_interleave(samples, dim: 0);    // (2 S, n, T, E)
        var scale = golden.Fixture.GetProperty("scales")[adapter];
        var masks = golden.Fixture.GetProperty("masks");
        return masks.ValueKind == JsonValueKind.Null
            ? [network.Show(tokens.flatten(1, 2), new(scale.GetDouble()))]
            :
            [
                .. IpPipelineRun.Pictures(golden, masks[adapter]).Select((mask, i) => network.Show(
                    tokens.select(1, i),
                    new(scale.ValueKind == JsonValueKind.Array ? scale[i].GetDouble() : scale.GetDouble()),
                    RegionMask.Of(mask, IpPipelineRun.SizeOf(golden), guessesGrids: true))),
            ];
    }
}

/// <summary>What both runs have in common.</summary>
file static class IpPipelineRun
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
}
