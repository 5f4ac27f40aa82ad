using Dramatis.Checkpoints;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.Lora;
using Dramatis.Methods.TextualInversion;
using Dramatis.Training;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Training.Diffusion;
using Dramatis.Training.DreamBooth;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;
using Dramatis.Training.TextualInversion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>DreamBooth: losses, gradients and weights after a few steps.</summary>
internal sealed class DreamBoothCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["dreambooth_train"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")));
        using var learner = new DreamBoothLearner(new(model), new()
        {
            TextEncoder = golden.Fixture.GetProperty("train_text_encoder").GetBoolean(),
            MinSnr = golden.Number("snr_gamma"),
        })
        {
            PriorWeight = golden.Number("prior_loss_weight") ?? 0,
        };
        var results = LearningRun.Of(golden, learner, name => $"grad.{name}");
        var final = learner.Trained.named_parameters().Where(item => golden.Has($"final.{item.name}"))
            .Select(item => golden.Compare($"final.{item.name}", item.parameter, golden.Tensor($"final.{item.name}"), LearningRun.Parameters(golden)));
        return new() { Outputs = [.. results, .. final] };
    }
}

/// <summary>LoRA of UNet and text encoder, learned with prior preservation.</summary>
internal sealed class LoraTrainCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["lora_train"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")));
        using var learner = new LoraLearner(new(model), new()
        {
            Rank = golden.Fixture.GetProperty("rank").GetInt32(),
            Alpha = golden.Number("alpha"),
            TextEncoder = golden.Fixture.GetProperty("train_text_encoder").GetBoolean(),
        })
        {
            PriorWeight = golden.Number("prior_loss_weight") ?? 0,
        };
        var names = learner.Changes
            .SelectMany(change => new[] { (change.Down, Half: "A"), (change.Up, Half: "B") }
                .Select(item => (Values: item.Item1, Name: $"{change.Network.Name()}.{change.Weight[..^".weight".Length]}.lora_{item.Half}.weight")))
            .ToArray();
        using (var off = no_grad())
        using (var start = TensorArchive.Open(golden.PathOf(golden.Text("initial"))))
        {
            foreach (var (values, name) in names)
            {
                values.copy_(start.ToTensor(name));
            }
        }

        var results = LearningRun.Of(golden, learner, _ => "", step => [.. names
            .Where(item => golden.Has($"grad{step}.{item.Name}"))
            .Select(item => golden.Compare($"grad{step}.{item.Name}", item.Values.grad!, golden.Tensor($"grad{step}.{item.Name}"),
                golden.Tolerance(item.Name)))]);
        using var final = LoraFile.Read(golden.PathOf(golden.Text("final")), model);
        var stored = final.Changes.Cast<LowRankChange>().ToDictionary(change => (change.Network, change.Weight));
        var weights = learner.Changes.SelectMany(change => new[]
        {
            golden.Compare($"final {change.Network.Name()}.{change.Weight} A", change.Down, stored[(change.Network, change.Weight)].Down,
                LearningRun.Parameters(golden)),
            golden.Compare($"final {change.Network.Name()}.{change.Weight} B", change.Up, stored[(change.Network, change.Weight)].Up,
                LearningRun.Parameters(golden)),
        });
        return new() { Outputs = [.. results, .. weights] };
    }
}

/// <summary>Textual Inversion: gradients and rows of the new word.</summary>
internal sealed class TextualInversionTrainCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ti_train"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")));
        using var learner = new TextualInversionLearner(new(model), new()
        {
            Word = golden.Text("placeholder_token"),
            Initializer = golden.Text("initializer_token"),
            Vectors = golden.Fixture.GetProperty("num_vectors").GetInt32(),
        });
        var rows = learner.Rows[0].Rows;
        var start = golden.Compare("initial_rows", rows, golden.Tensor("initial_rows"), 0);
        var results = LearningRun.Of(golden, learner, _ => "", step =>
            [golden.Compare($"grad_new_rows.{step}", rows.grad!, golden.Tensor($"grad_new_rows.{step}"), golden.Tolerance($"grad_new_rows.{step}"))]);
        using var saved = EmbeddingFile.Read(golden.PathOf(golden.Text("saved")), model);
        return new()
        {
            Outputs =
            [
                start,
                .. results,
                golden.Compare("final_rows", rows, golden.Tensor("final_rows"), LearningRun.Parameters(golden)),
                golden.Compare("saved", rows, ((NewWord)saved.Changes[0]).Rows, LearningRun.Parameters(golden)),
            ],
        };
    }
}

/// <summary>Custom Diffusion: masks, the fixed beginning of texts, the shrinking vocabulary, and the files it saves.</summary>
internal sealed class CustomDiffusionTrainCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["custom_diffusion_train"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")));
        var word = golden.Text("modifier_token");
        var decay = golden.Number("learning_rate")!.Value * golden.Fixture.GetProperty("adam").GetProperty("weight_decay").GetDouble();
        using var learner = new CustomDiffusionLearner(new(model), new()
        {
            Words = [new(word, model.Tokenizer.Vocabulary.Ids[golden.Text("initializer_token")])],
            WholeAttention = golden.Text("freeze_model") == "crossattn",
            OldRowDecay = decay,
        })
        {
            PriorWeight = golden.Number("prior_loss_weight") ?? 0,
        };
        var row = learner.Words[0].Rows;
        var start = golden.Compare("initial_row", row.flatten(), golden.Tensor("initial_row"), 0);
        var results = LearningRun.Of(golden, learner, name => $"grad.{name}", step => step > 0 ? [] :
            [golden.Compare("grad.new_row", row.grad!.flatten(), golden.Tensor("grad.new_row"), golden.Tolerance("grad.new_row"))],
            [.. learner.Layers.Select(layer => (CustomDiffusionFile.StoredName(layer.Weight), layer.Values))]);
        var steps = golden.Fixture.GetProperty("steps").GetInt32();
        using var saved = CustomDiffusionFile.Read(golden.PathOf(golden.Text("weights")), model);
        using var savedWord = EmbeddingFile.Read(golden.PathOf(golden.Text("token_file")), model);
        var stored = saved.Changes.Cast<NewValues>().ToDictionary(change => change.Weight, change => change.Values);
        var tolerance = LearningRun.Parameters(golden);
        return new()
        {
            Outputs =
            [
                start,
                .. results,
                golden.Compare("final_row", row.flatten(), golden.Tensor("final_row"), tolerance),
                golden.Compare("token_file", row, ((NewWord)savedWord.Changes[0]).Rows, tolerance),
                golden.Compare("old_rows_factor", tensor((float)learner.OldRowsAt(steps)), golden.Tensor("old_rows_factor"),
                    golden.Tolerance("old_rows_factor")),
                .. learner.Layers.Select(layer => golden.Compare($"final {layer.Weight}", layer.Values, stored[layer.Weight], tolerance)),
                Out(golden, model, saved),
            ],
        };
    }

    /// <summary>What the UNet gives with layers from a file.</summary>
    public static GoldenDifference Out(GoldenCase golden, BaseModel model, WeightPatch saved)
    {
        using var off = no_grad();
        using var patched = new PatchedWeights(model);
        patched.Apply(new ScaledPatch(saved));
        var context = new Conditioning.StepContext(default, golden.Tensor("encoder_hidden_states"), Conditioning.ConditioningSession.None);
        var ours = model.UNet.forward(golden.Tensor("sample"), golden.Tensor("timestep"), context);
        return golden.Compare("out", ours, golden.Tensor("out"), golden.Number("atol_out")!.Value);
    }
}

/// <summary>What the four have in common: steps of the optimiser on stored batches.</summary>
file static class LearningRun
{
    public static double Parameters(GoldenCase golden) => golden.Number("atol_parameters")!.Value;

    /// <param name="gradient">The stored name of a trained weight's gradient in the first step.</param>
    /// <param name="inStep">Compares gradients of a step, before they are clipped.</param>
    /// <param name="named">The trained weights by their published names; null: their own.</param>
    public static List<GoldenDifference> Of(
        GoldenCase golden,
        SubjectLearner learner,
        Func<string, string> gradient,
        Func<int, IReadOnlyList<GoldenDifference>>? inStep = null,
        IReadOnlyList<(string Name, Tensor Values)>? named = null)
    {
        named ??= [.. learner.Trained.named_parameters().Select(item => (item.name, (Tensor)item.parameter))];
        using var optimizer = new AdamW(learner.Trained, new() { WeightDecay = golden.Fixture.GetProperty("adam").GetProperty("weight_decay").GetDouble() });
        using var team = new WorkerTeam(1);
        var results = new List<GoldenDifference>();
        var measured = new Dictionary<string, List<double>> { ["loss"] = [], ["loss_instance"] = [], ["loss_prior"] = [], ["grad_norm"] = [] };
        var clip = golden.Number("max_grad_norm") ?? double.PositiveInfinity;
        for (var step = 0; step < golden.Fixture.GetProperty("steps").GetInt32(); step++)
        {
            using var scope = NewDisposeScope();
            using var loss = learner.Loss(() => Batch(golden, step), step);
            loss.Total.backward();
            measured["loss"].Add(loss.Total.item<float>());
            measured["loss_instance"].Add(loss[SubjectLoss.Subject].item<float>());
            measured["loss_prior"].Add(loss.Parts.Count > 1 ? loss[SubjectLoss.Prior].item<float>() : 0);
            if (step == 0)
            {
                results.AddRange(named.Where(item => golden.Has(gradient(item.Name))).Select(item =>
                    golden.Compare(gradient(item.Name), item.Values.grad!, golden.Tensor(gradient(item.Name)), golden.Tolerance(gradient(item.Name)))));
                if (golden.Has("grad_norms"))
                {
                    var norms = named.OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => item.Values.grad!.norm().item<float>()).ToArray();
                    results.Add(golden.Compare("grad_norms", tensor(norms), golden.Tensor("grad_norms"), golden.Tolerance("grad_norms")));
                }
            }

            results.AddRange(inStep?.Invoke(step) ?? []);
            measured["grad_norm"].Add(optimizer.Step(team, 1, new(golden.Number("learning_rate")!.Value, clip, 1)));
        }

        results.AddRange(measured.Where(item => golden.Has(item.Key)).Select(item =>
            golden.Compare(item.Key, tensor(item.Value.Select(value => (float)value).ToArray()), golden.Tensor(item.Key), golden.Tolerance(item.Key))));
        return results;
    }

    private static DenoisingBatch Batch(GoldenCase golden, int step)
    {
        // The pictures run out in the last step, which may have fewer.
        var kinds = golden.Number("prior_loss_weight") is null ? 1 : 2;
        var most = kinds * golden.Fixture.GetProperty("batch").GetInt32();
        var rows = Math.Min(most, golden.Tensor("latents").shape[0] - (step * most));
        var subjects = (int)rows / kinds;
        return new()
        {
            Latents = Rows("latents"),
            Noise = Rows("noise"),
            Timesteps = Rows("timesteps"),
            Ids = Rows("input_ids"),
            Subjects = subjects,
            Masks = golden.Has("mask") ? Rows("mask").narrow(0, 0, subjects) : null,
        };

        Tensor Rows(string name) => golden.Tensor(name).narrow(0, step * most, rows);
    }
}
