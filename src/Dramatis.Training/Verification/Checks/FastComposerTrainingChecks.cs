using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Training;
using Dramatis.Training.Diffusion;
using Dramatis.Training.FastComposer;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>The localisation loss of given attention maps, and its gradients.</summary>
internal sealed class FastComposerLocalizationCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_localization_loss"];

    public GoldenResult Run(GoldenCase golden)
    {
        var masks = golden.Tensor("object_segmaps").to(float32);
        var tokens = golden.Tensor("image_token_idx");
        var valid = golden.Tensor("image_token_idx_mask").to(float32);
        var results = new List<(string Name, Tensor Ours)>();
        foreach (var (name, normalises) in new[] { ("plain", false), ("norm", true) })
        {
            Tensor[] maps = [.. golden.TensorNames.Where(layer => layer.StartsWith("layer", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .Select(layer => golden.Tensor(layer).requires_grad_())];
            var losses = stack([.. maps.Select(map =>
            {
                var side = (int)Math.Sqrt(map.shape[1]);
                var attention = map.view(masks.shape[0], -1, map.shape[1], map.shape[2]);
                return LocalizationLoss.Of(attention, SoftMasks.At(masks, side, side), tokens, valid, normalises);
            })]);
            losses.mean().backward();
            results.Add(($"{name}.per_layer", losses));
            results.Add(($"{name}.loss", losses.mean().view(1)));
            results.AddRange(maps.Select((map, i) => ($"{name}.grad.layer{i}", map.grad!)).Where(result => golden.Has(result.Item1)));
        }

        return golden.Compare([.. results]);
    }
}

/// <summary>Which maps are watched, what they are, and what flows back through them.</summary>
internal sealed class FastComposerAttentionCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_attention_maps"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var fixture = new FastComposerFixture(golden);
        var networks = FastComposerTraining.Networks(fixture);
        var unet = networks.UNet;
        var masks = golden.Tensor("segmap_small").to(float32);
        var subjects = (masks, golden.Tensor("image_token_idx"), golden.Tensor("image_token_idx_mask").to(float32));
        var results = new List<(string Name, Tensor Ours)>();
        foreach (var layers in golden.Fixture.GetProperty("layers").EnumerateObject())
        {
            networks.zero_grad();
            var count = int.Parse(layers.Name, System.Globalization.CultureInfo.InvariantCulture);
            var sites = LocalizationLoss.Sites(unet.Sites, count);
            var named = layers.Value.EnumerateArray().Select(path => path.GetString()!);
            results.Add(($"layers{count} are others", tensor(sites.Select(site => site.Path).SequenceEqual(named) ? 0f : 1f)));
            using var session = new Maps(new(sites, Localization.Released, subjects));
            var output = unet.forward(
                golden.Tensor("sample"), golden.Tensor("timestep"), new(new(0, 1, 0, 0), golden.Tensor("encoder_hidden_states"), session));
            var loss = session.Watching.PerLayer.mean();
            loss.backward();
            var gradients = unet.named_parameters().Where(item => item.parameter.grad is not null)
                .ToDictionary(item => item.name, item => item.parameter.grad!);
            results.Add(($"layers{count}.loss", loss.view(1)));
            results.Add(($"layers{count}.per_layer", session.Watching.PerLayer));
            results.Add(($"layers{count}.grad_norm", stack([.. gradients.Values.Select(gradient => gradient.square().sum())]).sum().sqrt().view(1)));
            if (count == Localization.Released.Blocks)
            {
                results.Add(("out", output));
                results.AddRange(session.Seen.Select(map => ($"map.{map.Key}", map.Value.clone())));
                results.AddRange(gradients.Select(gradient => ($"grad.{gradient.Key}", gradient.Value.clone())));
            }
        }

        var others = results.Where(result => result.Name.EndsWith(" others", StringComparison.Ordinal))
            .Select(result => new GoldenDifference(result.Name, result.Ours.item<float>(), 0));
        var compared = golden.Compare([.. results.Where(result => golden.Has(result.Name))]);
        return compared with { Outputs = [.. compared.Outputs, .. others] };
    }

    /// <summary>Keeps the maps besides (B H, N, L).</summary>
    private sealed class Maps(LocalizationSession watching) : ConditioningSession
    {
        public LocalizationSession Watching => watching;

        public Dictionary<string, Tensor> Seen { get; } = [];

        public override AttentionProbe? ProbeAt(AttentionCall call) => watching.ProbeAt(call) is not { } probe ? null : weights =>
        {
            Seen[call.Site.Path] = Own(weights.detach().flatten(0, 1).clone());
            probe(weights);
        };

        public override void Dispose()
        {
            watching.Dispose();
            base.Dispose();
        }
    }
}

/// <summary>One step on a fixed batch, with several sets of options: losses and gradients.</summary>
internal sealed class FastComposerForwardCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_train_forward"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var fixture = new FastComposerFixture(golden);
        var networks = FastComposerTraining.Networks(fixture);
        using var vae = FastComposerTraining.Vae(golden, fixture);
        var names = golden.Fixture.GetProperty("grad_norms_order").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var share = golden.Number("rtol_gradients") ?? 0;
        var differences = new List<GoldenDifference>();
        foreach (var item in golden.Fixture.GetProperty("cases").EnumerateObject())
        {
            networks.zero_grad();
            var options = new OfficialOptions(item.Value);
            var scheduler = fixture.Model.Scheduler with { Prediction = options.Prediction };
            var loss = new FastComposerLoss(networks, new(networks.UNet, new(scheduler)), options.Localization);
            using var parts = loss.Of(
                FastComposerTraining.Latents(golden, fixture, vae, golden.Tensor("vae_noise"), golden.Tensor("noise"), golden.Tensor("timesteps")),
                FastComposerTraining.Batch(golden),
                options.IsMasked);
            parts.Total.backward();
            var weights = networks.named_parameters().Where(weight => networks.Tuned.Contains(weight.name))
                .ToDictionary(weight => weight.name, weight => weight.parameter);
            differences.AddRange(golden.Compare(
            [
                ($"{item.Name}.denoise_loss", parts[DenoisingLoss.Name].view(1)),
                ($"{item.Name}.loss", parts.Total.view(1)),
                .. options.Localization is null ? [] : new[] { ($"{item.Name}.localization_loss", parts[LocalizationSession.Name].view(1)) },
            ]).Outputs);
            var norms = stack([.. names.Select(name => weights[name].grad is { } gradient ? gradient.norm() : zeros([]))]);
            differences.Add(Relative($"{item.Name}.grad_norms", norms));
            differences.Add(Relative($"{item.Name}.grad_norm_total", norms.square().sum().sqrt().view(1)));
            differences.AddRange(golden.TensorNames.Where(name => name.StartsWith($"{item.Name}.grad.", StringComparison.Ordinal))
                .Select(name => Relative(name, weights[name[$"{item.Name}.grad.".Length..]].grad!)));
        }

        return new() { Outputs = differences };

        GoldenDifference Relative(string name, Tensor ours)
        {
            var expected = golden.Tensor(name);
            return golden.Compare(name, ours, expected, golden.Tolerance(name) + (share * expected.abs().max().item<float>()));
        }
    }

    /// <summary>What one set of options says.</summary>
    private sealed record OfficialOptions(JsonElement Settings)
    {
        public Prediction Prediction =>
            Settings.GetProperty("prediction_type").GetString() == "v_prediction" ? Prediction.Velocity : Prediction.Epsilon;

        public bool IsMasked => Settings.GetProperty("mask_loss").GetBoolean()
            && Settings.GetProperty("mask_draw").GetDouble() < Settings.GetProperty("mask_loss_prob").GetDouble();

        public Localization? Localization => !Settings.GetProperty("object_localization").GetBoolean() ? null : new()
        {
            Weight = Settings.GetProperty("object_localization_weight").GetDouble(),
            Blocks = Settings.GetProperty("localization_layers").GetInt32(),
            Normalises = Settings.TryGetProperty("object_localization_normalize", out var normalises) && normalises.GetBoolean(),
        };
    }
}

/// <summary>Three steps of the official trainer.</summary>
internal sealed class FastComposerStepCheck : IGoldenCheck
{
    // Of a sum over a hundred thousand numbers in single precision.
    private const double SingleRounding = 1e-5;

    public IReadOnlyList<string> Components => ["fastcomposer_train_step"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var fixture = new FastComposerFixture(golden);
        var networks = FastComposerTraining.Networks(fixture);
        using var vae = FastComposerTraining.Vae(golden, fixture);
        using var inputs = GoldenCase.Open(Path.GetDirectoryName(golden.PathOf(golden.Text("batch")))!);
        var settings = golden.Fixture.GetProperty("optimizer");
        using var optimizer = new AdamW(networks, new()
        {
            WeightDecay = settings.GetProperty("weight_decay").GetDouble(),
            Epsilon = settings.GetProperty("eps").GetDouble(),
            RateOf = name => name.StartsWith("unet.", StringComparison.Ordinal) ? settings.GetProperty("unet_lr_scale").GetDouble() : 1,
        });
        using var team = new WorkerTeam(1);
        var names = golden.Fixture.GetProperty("changed_parameters").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var noisy = golden.Fixture.GetProperty("near_zero_gradient").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
        var weights = networks.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var before = names.ToDictionary(name => name, name => weights[name].detach().clone());
        var draws = golden.Fixture.GetProperty("mask_draws").EnumerateArray().Select(draw => draw.GetDouble()).ToArray();
        var loss = new FastComposerLoss(networks, new(networks.UNet, new(fixture.Model.Scheduler)), new()
        {
            Weight = golden.Number("localization_weight")!.Value,
            Blocks = golden.Fixture.GetProperty("localization_layers").GetInt32(),
        });
        var (losses, denoising, localization, norms) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>(), new List<float>());
        var differences = new List<GoldenDifference>();
        for (var step = 0; step < draws.Length; step++)
        {
            using var parts = loss.Of(
                FastComposerTraining.Latents(
                    inputs, fixture, vae, golden.Tensor("vae_noise")[step], golden.Tensor("noise")[step], golden.Tensor("timesteps")[step]),
                FastComposerTraining.Batch(inputs),
                draws[step] < golden.Number("mask_loss_prob"));
            parts.Total.backward();
            losses.Add(parts.Total.detach().clone());
            denoising.Add(parts[DenoisingLoss.Name].detach().clone());
            localization.Add(parts[LocalizationSession.Name].detach().clone());
            norms.Add((float)optimizer.Step(team, 1, new(settings.GetProperty("lr").GetDouble(), settings.GetProperty("max_grad_norm").GetDouble(), 1)));
            differences.AddRange(Compare(golden, step + 1, names, noisy, name => weights[name].detach(), before));
        }

        return new()
        {
            Outputs =
            [
                .. golden.Compare(
                    ("loss", stack([.. losses])), ("denoise_loss", stack([.. denoising])), ("localization_loss", stack([.. localization]))).Outputs,
                .. norms.Select((norm, i) => new GoldenDifference(
                    $"grad_norm_before_clip {i}",
                    Math.Abs(norm - golden.Tensor("grad_norm_before_clip")[i].item<float>()),
                    golden.Tolerance("grad_norm_before_clip") + (SingleRounding * norm))),
                .. differences,
            ],
        };
    }

    // AdamW makes whole steps of gradients that are rounding noise: the fixture names where those are, and allows a share of values elsewhere.
    private static IEnumerable<GoldenDifference> Compare(
        GoldenCase golden, int step, string[] names, HashSet<string> noisy, Func<string, Tensor> of, Dictionary<string, Tensor> before)
    {
        var allowed = golden.Number("max_fraction_outside")!.Value;
        foreach (var name in names.Where(name => !noisy.Contains(name) && golden.Has($"step{step}.{name}")))
        {
            var outside = (of(name) - golden.Tensor($"step{step}.{name}")).abs().gt(golden.Tolerance(name)).to(float32).mean().item<float>();
            yield return new($"step{step}.{name}, share of others", outside, allowed);
        }

        var expected = golden.Tensor($"step{step}.delta_norm_sum");
        int[] sound = [.. names.Index().Where(item => !noisy.Contains(item.Item)).Select(item => item.Index)];
        var largest = sound.Max(i =>
        {
            var norm = (of(names[i]) - before[names[i]]).norm().item<float>();
            return Math.Abs(norm - expected[i, 0].item<float>()) / Math.Max(expected[i, 0].item<float>(), (float)golden.Tolerance(""));
        });
        yield return new($"step{step}.delta_norm_sum, share of the norm", largest, allowed);
    }
}

/// <summary>What those checks share.</summary>
internal static class FastComposerTraining
{
    public static FastComposerNetworks Networks(FastComposerFixture fixture) =>
        new((fixture.Model.UNet, fixture.Model.TextEncoder, fixture.Parts.Postfuse, fixture.Parts.ImageEncoder));

    /// <summary>The checkpoint's autoencoder, with which the reference trains.</summary>
    public static AutoencoderKL Vae(GoldenCase golden, FastComposerFixture fixture)
    {
        using var archive = TensorArchive.Open(golden.PathOf(golden.Text("checkpoint")));
        return Checkpoint.Load(() => new AutoencoderKL(fixture.Model.Vae.Config), archive, VaeKeys.Published, "vae.");
    }

    public static (Tensor Clean, Tensor Noise, Tensor Timesteps) Latents(
        GoldenCase golden, FastComposerFixture fixture, AutoencoderKL vae, Tensor sampling, Tensor noise, Tensor timesteps)
    {
        using var off = no_grad();
        return (fixture.Model.Vae.ToModel(vae.Encode(golden.Tensor("pixel_values")).Sample(sampling)), noise, timesteps);
    }

    public static FastComposerBatch Batch(GoldenCase golden) => new()
    {
        Ids = golden.Tensor("input_ids"),
        Words = golden.Tensor("image_token_mask").to(ScalarType.Bool),
        Objects = golden.Tensor("object_pixel_values"),
        Masks = golden.Tensor("object_segmaps").to(float32),
        Counts = [.. golden.Tensor("num_objects").data<long>().Select(count => (int)count)],
    };
}
