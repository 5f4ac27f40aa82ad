using Dramatis.Checkpoints;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Training;
using Dramatis.Training.Diffusion;
using Dramatis.Training.EasyRef;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>One step of each stage on a fixed batch: prediction, loss, gradients, and what the optimiser makes of them.</summary>
internal sealed class EasyRefTrainCheck : IGoldenCheck
{
    private const double GradientShare = 1e-3;    // of a tensor's largest value, as the fixture says in words
    private const double SoundGradient = 1e-6;    // below it a whole step is made of rounding noise

    public IReadOnlyList<string> Components => ["easyref_train"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = new GoldenNetworks(golden.PathOf(golden.Text("sdxl")));
        using var frozen = Frozen.Take(model.UNet);
        using var weights = TensorArchive.Open(golden.PathOf(golden.Text("initial_weights")));
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        var start = new EasyRefStart(
            EasyRefFile.LoadNetwork(checkpoint, EasyRefFixture.Language(golden), model.UNet), EasyRefFile.ReadPatch(checkpoint, model, BaseWeights.Checkpoint));
        using var patch = start.Patch;
        using var copied = new PatchedWeights(model);
        copied.Apply(start.Copy is { } copy ? [new ScaledPatch(copy)] : []);
        using var changed = new PatchedWeights(model);
        var stage = golden.Folder.TrimEnd('/')[^1] - '0';
        using var trained = new EasyRefTrained(start.Network, model.UNet, stage, stage > 1 ? (int?)golden.Number("lora_rank") : null, start.LowRank);
        var ours = trained.Weights();
        Begin(golden, ours);
        changed.Apply(trained.Patch is { } own ? [new ScaledPatch(own)] : []);
        return Compare(golden, model, trained, ours);
    }

    // Changes of low rank that begin with the stage are random.
    private static void Begin(GoldenCase golden, IReadOnlyDictionary<string, Tensor> ours)
    {
        const string Given = "lora_init.";
        using var off = no_grad();
        foreach (var name in golden.TensorNames.Where(name => name.StartsWith(Given, StringComparison.Ordinal)))
        {
            ours[name[Given.Length..]].copy_(golden.Tensor(name));
        }
    }

    private static GoldenResult Compare(GoldenCase golden, GoldenNetworks model, EasyRefTrained trained, IReadOnlyDictionary<string, Tensor> ours)
    {
        using var optimizer = new AdamW(trained, new() { WeightDecay = 0 });
        using var team = new WorkerTeam(1);
        using var groups = Groups(golden);
        using var batch = new DenoisingBatch
        {
            Latents = golden.Tensor("latents"),
            Noise = golden.Tensor("noise"),
            Timesteps = golden.Tensor("timesteps"),
            Text = golden.Tensor("mid.text"),
            Added = new(golden.Tensor("mid.pooled_text"), golden.Tensor("time_ids")),
        };
        var process = new ForwardProcess(Scheduler(golden));
        var session = groups.Open(trained.Network, FinalAttention.Causal, GroupAggregation.Tokens);
        var context = new Conditioning.StepContext(new(0, 1, 0, 0), batch.Text!, session) { Added = batch.Added };
        var noisy = process.Noisy(batch.Latents, batch.Noise, batch.Timesteps);
        var prediction = model.UNet.forward(noisy, batch.Timesteps, context);
        using var loss = new DenoisingLoss(model.UNet, process).Of(batch, session);
        loss.Total.backward();
        var gradients = ours.ToDictionary(item => item.Key, item => item.Value.grad?.clone() ?? zeros_like(item.Value));
        var before = ours.ToDictionary(item => item.Key, item => item.Value.detach().clone());
        var results = golden.Compare(("mid.noisy_latents", noisy), ("noise_pred", prediction), ("loss", loss.Total));
        optimizer.Step(team, 1, new(golden.Number("learning_rate")!.Value, double.PositiveInfinity, 1));
        string[] names = [.. golden.Fixture.GetProperty("trainable").EnumerateArray().Select(name => name.GetString()!)];
        string[] others = [.. names.Except(ours.Keys).Concat(ours.Keys.Except(names))];
        return results with
        {
            Outputs =
            [
                .. results.Outputs,
                .. GoldenResult.Count("trained weights", [.. others]).Outputs,
                .. others.Length > 0 ? [] : Gradients(golden, names, gradients),
                .. others.Length > 0 ? [] : Changes(golden, names, gradients, name => ours[name].detach() - before[name]),
            ],
        };
    }

    private static Schedules.SchedulerConfig Scheduler(GoldenCase golden) =>
        Schedules.SchedulerConfig.Parse(golden.ReadText(Path.Combine(golden.Text("sdxl"), "scheduler", "scheduler_config.json")));

    // Rows that show nothing have no pictures in the fixture: they show the black one.
    private static GroupBatch Groups(GoldenCase golden)
    {
        var side = golden.Fixture.GetProperty("cond_image_size").GetInt32();
        var (ids, dropped) = (golden.Tensor("input_ids").squeeze(1), golden.Tensor("drop_image_embeds").data<long>().ToArray());
        var picture = Tokenizers.QwenChat.FromFolder(EasyRefFixture.Language(golden).Folder).PictureId;
        var patches = dropped.Index().Select(row => row.Item == 1
            ? VisionPatches.Of(Picture.Filled(512, 512, Rgb.Black), side).Pixels
            : golden.Tensor($"pixel_values_{row.Index}"));
        var grids = golden.Tensor("image_grid_thw").view(-1, 3).data<long>().ToArray().Chunk(3).Select(grid => new Grid((int)grid[2], (int)grid[1]));
        var isText = golden.Tensor("attention_mask");
        return new()
        {
            Patches = cat([.. patches]),
            Grids = [.. grids],
            Ids = ids,
            IsText = isText.eq(0).any().item<bool>() ? isText : null,
            Places = ids.flatten().eq(picture).nonzero().flatten(),
        };
    }

    private static IEnumerable<GoldenDifference> Gradients(GoldenCase golden, string[] names, Dictionary<string, Tensor> gradients)
    {
        yield return Relative(golden, "grad_norms", stack([.. names.Select(name => gradients[name].norm())]));
        foreach (var name in golden.TensorNames.Where(name => name.StartsWith("grad.", StringComparison.Ordinal)))
        {
            yield return Relative(golden, name, gradients[name["grad.".Length..]]);
        }
    }

    private static IEnumerable<GoldenDifference> Changes(GoldenCase golden, string[] names, Dictionary<string, Tensor> gradients, Func<string, Tensor> of)
    {
        foreach (var name in golden.TensorNames.Where(name => name.StartsWith("change.", StringComparison.Ordinal)))
        {
            var weight = name["change.".Length..];
            var isSound = gradients[weight].abs().gt(SoundGradient);
            var expected = golden.Tensor(name);
            yield return golden.Compare(name, where(isSound, of(weight), expected), expected, GradientShare * golden.Number("learning_rate")!.Value);
        }

        var norms = golden.Tensor("change_norms");
        foreach (var (i, name) in names.Index().Where(item => gradients[item.Item].abs() is var sizes && sizes.gt(SoundGradient).logical_or(sizes.eq(0)).all().item<bool>()))
        {
            yield return golden.Compare($"change_norms of {name}", of(name).norm(), norms[i], GradientShare * norms[i].item<float>());
        }
    }

    private static GoldenDifference Relative(GoldenCase golden, string name, Tensor ours)
    {
        var expected = golden.Tensor(name);
        return golden.Compare(name, ours, expected, GradientShare * Math.Max(1e-6, expected.abs().max().item<float>()));
    }
}
