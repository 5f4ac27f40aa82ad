using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Methods;
using Dramatis.Schedules;
using Dramatis.Training;
using Dramatis.Training.Cones2;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A few steps of the official trainer: losses, gradients, tuned weights, and the residual.</summary>
internal sealed class Cones2TrainCheck : IGoldenCheck
{
    private const string Encoder = "text_encoder.";

    public IReadOnlyList<string> Components => ["cones2_train"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")));
        var learning = new LearningModel(model) { Process = new(SchedulerOf(golden, model)) };
        using var learner = new ResidualLearner(learning, golden.Text("instance_prompt"), new()
        {
            StartWeight = golden.Number("loss_rate_first")!.Value,
            RestWeight = golden.Number("loss_rate_second")!.Value,
            Tokens = (int)golden.Number("token_num")!.Value,
            TakesFirstOccurrence = true,
        });
        var adam = golden.Fixture.GetProperty("adam");
        using var optimizer = new AdamW(learner.Trained, new()
        {
            Beta1 = adam.GetProperty("beta1").GetDouble(),
            Beta2 = adam.GetProperty("beta2").GetDouble(),
            Epsilon = adam.GetProperty("eps").GetDouble(),
            WeightDecay = adam.GetProperty("weight_decay").GetDouble(),
        });
        using var team = new WorkerTeam(1);
        var (losses, gradients) = (new List<TrainingLoss>(), new List<GoldenDifference>());
        var norms = new List<double>();
        for (var i = 0; i < golden.Number("steps"); i++)
        {
            losses.Add(learner.Loss(() => BatchOf(golden, i), i));
            losses[^1].Total.backward();
            gradients.AddRange(Gradients(golden, learner, i));
            norms.Add(optimizer.Step(team, 1, new(golden.Number("learning_rate")!.Value, golden.Number("max_grad_norm")!.Value, Follow: 1)));
        }

        var numbers = golden.Compare(
            ("loss", stack([.. losses.Select(loss => loss.Total)])),
            ("loss_subject", stack([.. losses.Select(loss => loss[SubjectLoss.Subject])])),
            ("norm_head", stack([.. losses.Select(loss => loss[ResidualLearner.Start])])),
            ("norm_tail", stack([.. losses.Select(loss => loss[ResidualLearner.Rest])])),
            ("grad_norm", tensor(norms.ToArray())));
        var residual = golden.Tensor("residual");
        return numbers with
        {
            Outputs =
            [
                .. numbers.Outputs,
                .. gradients,
                golden.Compare("residual", learner.Residual(), residual, golden.Number("atol_residual")!.Value),
                golden.Compare("residual file", Residual.Read(golden.PathOf(golden.Text("residual_file"))), residual, 0),
                .. Tuned(golden, model),
            ],
        };
    }

    private static SchedulerConfig SchedulerOf(GoldenCase golden, BaseModel model)
    {
        if (!golden.Fixture.TryGetProperty("scheduler", out var folder))
        {
            return model.Scheduler;
        }

        var path = golden.PathOf($"{folder.GetString()}/scheduler_config.json");
        return SchedulerConfig.Parse(File.ReadAllText(path), path);
    }

    private static DenoisingBatch BatchOf(GoldenCase golden, int step) => new()
    {
        Latents = golden.Tensor("latents")[step..(step + 1)],
        Noise = golden.Tensor("noise")[step..(step + 1)],
        Timesteps = golden.Tensor("timesteps")[step..(step + 1)].to(int64),
        Ids = golden.Tensor("input_ids").to(int64),
        Subjects = 1,
    };

    // Of the token table only the rows that have a gradient are stored.
    private static IEnumerable<GoldenDifference> Gradients(GoldenCase golden, ResidualLearner learner, int step)
    {
        foreach (var (name, weight) in learner.Trained.named_parameters())
        {
            var key = name[Encoder.Length..];
            if (golden.Has($"grad{step}.{key}") && weight.grad is { } gradient)
            {
                var stored = golden.Tensor($"grad{step}.{key}");
                yield return golden.Compare(
                    $"grad{step}.{key}",
                    key == LayerNames.TokenTable ? gradient[golden.Tensor("grad_rows_index").to(int64)] : gradient,
                    stored,
                    golden.Tolerance(key));
            }
        }
    }

    // The true gradient of keys' biases is 0, so that the optimiser makes steps of rounding noise, which change nothing else.
    private static IEnumerable<GoldenDifference> Tuned(GoldenCase golden, BaseModel model)
    {
        using var file = SafetensorsFile.Open(golden.PathOf($"{golden.Text("tuned")}/model.safetensors"));
        foreach (var (name, weight) in model.TextEncoder.named_parameters().Where(item => !item.name.EndsWith("k_proj.bias", StringComparison.Ordinal)))
        {
            using var expected = file.ToTensor(name);
            yield return golden.Compare($"tuned {name}", weight, expected, golden.Number("atol_parameters")!.Value);
        }
    }
}
