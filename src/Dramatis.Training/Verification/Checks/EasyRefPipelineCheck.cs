using System.Text.Json;
using Dramatis.Conditioning;
using Dramatis.Methods.EasyRef;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Whole runs of the official pipeline, from pictures and prompt to pixels, alone and with ControlNets.</summary>
internal sealed class EasyRefPipelineCheck : IGoldenCheck
{
    // What the official code says where nobody else does.
    private const string Prompt = "best quality, high quality";
    private const string NegativePrompt = "monochrome, lowres, bad anatomy, worst quality, low quality";

    public IReadOnlyList<string> Components => ["easyref_pipeline"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var model = BaseModel.Load(golden.PathOf(golden.Text("sdxl")));
        using var weights = EasyRefFixture.OpenCheckpoint(golden);
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        using var network = EasyRefFile.LoadNetwork(checkpoint, EasyRefFixture.Language(golden), model.UNet);
        using var patch = EasyRefFile.ReadPatch(checkpoint, model, BaseWeights.Checkpoint);
        using var patched = new PatchedWeights(model);
        patched.Apply(new ScaledPatch(patch!));
        var tokens = Tokens(golden, network);
        using var session = new ImageTokenSession(new ImageTokens
        {
            Tokens = tokens,
            Projections = network.Projections,
            Influence = new(golden.Number("scale")!.Value),
        });
        return golden.Compare([.. Paint(golden, model, session).Append(("mid.encoder_hidden_states_uncond_cond", Shown(model, golden, tokens)))]);
    }

    // Rows without the group, then with it; (2 N, T, E).
    private static Tensor Tokens(GoldenCase golden, EasyRefNetwork network)
    {
        using var encoder = new EasyRefEncoder(network, QwenChat.FromFolder(EasyRefFixture.Language(golden).Folder), EasyRefFixture.Config(golden));
        var texts = golden.Fixture.GetProperty("system_prompt");
        var nothing = encoder.EncodeNothing(texts[1].GetString()!);
        return cat([nothing, encoder.Encode(Pictures(golden, "image_"), texts[0].GetString()!)]).repeat_interleave(Samples(golden), dim: 0);
    }

    private static IEnumerable<(string, Tensor)> Paint(GoldenCase golden, BaseModel model, ConditioningSession session)
    {
        var kind = model.Scheduler.Sampler!.Value;
        var run = RunOf(golden, model) with { Session = session, Controls = Controls(golden) };
        var schedule = Schedule.Make(run.Scheduler, kind, run.Steps);
        var start = golden.Tensor("latents");
        var trace = new List<Tensor> { start * schedule.StartScale };
        var pipeline = new TextToImage(model);
        using var noise = new Noise([.. run.Prompts.Select(_ => 0ul)]);
        var latents = pipeline.Sample(
            run with { OnStep = (step, x) => trace.Add(SchedulerCheck.InReference(x, kind, step.Next).DetachFromDisposeScope()) },
            start, noise, CancellationToken.None);
        foreach (var control in run.Controls)
        {
            control.Network.Dispose();
        }

        yield return ("timesteps", tensor(schedule.Steps.Select(step => schedule.TimestepAt(step.Sigma)).ToArray()));
        yield return ("sigmas", tensor(schedule.Steps.Select(step => step.Sigma).Append(schedule.Steps[^1].Next).ToArray()));
        yield return ("latents_trace", stack([.. trace]));
        yield return ("image", ((pipeline.Decode(latents) / 2) + .5).clamp(0, 1).permute(0, 2, 3, 1));
    }

    private static TextToImageRun RunOf(GoldenCase golden, BaseModel model) => new()
    {
        Prompts = [.. Enumerable.Repeat(Text(golden, "prompt") ?? Prompt, Samples(golden))],
        NegativePrompts = [.. Enumerable.Repeat(Text(golden, "negative_prompt") ?? NegativePrompt, Samples(golden))],
        Size = MethodPipelineRun.SizeOf(golden),
        Steps = golden.Fixture.GetProperty("steps").GetInt32(),
        Sampler = model.Scheduler.Sampler!.Value,
        Scheduler = model.Scheduler,
        Guidance = golden.Number("guidance_scale")!.Value,
    };

    private static List<ControlRun> Controls(GoldenCase golden)
    {
        if (!golden.Fixture.TryGetProperty("controlnet", out var networks))
        {
            return [];
        }

        var scales = golden.Fixture.GetProperty("conditioning_scale");
        return
        [
            .. networks.EnumerateArray().Select(path => path.GetString()!).Zip(Pictures(golden, "control_")).Select((item, i) => new ControlRun(
                ModelFolder.LoadControlNet(golden.PathOf(item.First)),
                ControlRun.ConditionOf(item.Second),
                new()
                {
                    Model = item.First,
                    Picture = Reference.FromFile($"control_{i}"),
                    Scale = (scales.ValueKind == JsonValueKind.Array ? scales[i] : scales).GetDouble(),
                })),
        ];
    }

    // What the fixture keeps of texts and tokens together: their ends, of the first and the last row.
    private static Tensor Shown(BaseModel model, GoldenCase golden, Tensor tokens)
    {
        var run = RunOf(golden, model);
        var text = new TextToImage(model).Encode([.. run.NegativePrompts, .. run.Prompts], null, 0).Text;
        var kept = (int)golden.Tensor("mid.encoder_hidden_states_uncond_cond").shape[1] - (int)tokens.shape[1];
        var all = cat([text[.., (int)(text.shape[1] - kept).., ..], tokens], dim: 1);
        return stack([all[0], all[-1]]);
    }

    private static List<Picture> Pictures(GoldenCase golden, string prefix) =>
        [.. golden.TensorNames.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => GoldenPictures.Of(golden.Tensor(name)))];

    private static int Samples(GoldenCase golden) => golden.Fixture.GetProperty("num_samples").GetInt32();

    private static string? Text(GoldenCase golden, string field) => golden.Fixture.GetProperty(field).GetString();
}
