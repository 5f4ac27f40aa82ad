using Dramatis.Errors;
using Dramatis.Training;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly TrainerOptions Options = new()
    {
        Steps = 12,
        Batch = 8,
        LearningRate = .05,
        EvaluateEvery = 6,
        Rate = TrainerOptions.WarmConstantLinear(3, .1),
    };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public void A_training_that_was_stopped_ends_with_the_same_bits_as_one_that_was_not(int workers, int accumulation)
    {
        var options = Options with { Workers = workers, Accumulation = accumulation };
        var whole = Weights(Path.Combine(folder, "whole"), options);
        using var stop = new CancellationTokenSource();
        using (var stage = new LineStage(step => { if (step == 5) { stop.Cancel(); } }))
        {
            Assert.Throws<OperationCanceledException>(() =>
                new Trainer(stage, options, Path.Combine(folder, "parts")).Run(cancellationToken: stop.Token));
        }

        var parts = Weights(Path.Combine(folder, "parts"), options);

        Assert.Equal(whole, parts);
        Assert.Equal(Log("whole"), Log("parts"));
    }

    [Fact]
    public void A_killed_training_goes_on_from_its_last_checkpoint_to_the_same_bits()
    {
        var whole = Weights(Path.Combine(folder, "whole"), Options);
        var killed = Path.Combine(folder, "killed");
        Weights(killed, Options with { Steps = 12, EvaluateEvery = 100 }, copyAt: 7);

        var after = Weights(killed, Options);

        Assert.Equal(whole, after);
    }

    [Fact]
    public void Two_workers_learn_what_one_learns()
    {
        var alone = Weights(Path.Combine(folder, "one"), Options with { Workers = 1 });
        var shared = Weights(Path.Combine(folder, "two"), Options with { Workers = 2, Accumulation = 2 });

        Assert.All(alone.Zip(shared), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void It_learns_judges_the_average_and_exports_it()
    {
        var events = new List<TrainingEvent>();
        using var stage = new LineStage();

        new Trainer(stage, Options with { Steps = 300, EvaluateEvery = 100 }, folder).Run(new Collector(events), TestContext.Current.CancellationToken);

        Assert.Equal(3, events.OfType<TrainingEvaluated>().Count());
        Assert.True(events.OfType<TrainingEvaluated>().Last().Figures["error"] < .05);
        Assert.True(File.Exists(Path.Combine(folder, "model", "line.safetensors")));
        Assert.IsType<TrainingFinished>(events[^1]);
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        Weights(folder, Options);
        using var other = new LineStage { Label = "other" };

        Assert.Throws<InvalidCheckpointException>(() => new Trainer(other, Options, folder).Run(cancellationToken: TestContext.Current.CancellationToken));
    }

    private static float[] Weights(string folder, TrainerOptions options, long? copyAt = null)
    {
        var checkpoint = Path.Combine(folder, "checkpoint.safetensors");
        var kept = checkpoint + ".kept";
        using var stage = new LineStage(step =>
        {
            if (step == copyAt)
            {
                File.Copy(checkpoint, kept, overwrite: true);
            }
        });
        new Trainer(stage, copyAt is null ? options : options with { SaveEvery = TimeSpan.Zero }, folder)
            .Run(cancellationToken: TestContext.Current.CancellationToken);
        if (copyAt is not null)
        {
            File.Move(kept, checkpoint, overwrite: true);
        }

        return [.. stage.Networks.parameters().SelectMany(weight => weight.data<float>().ToArray())];
    }

    private string[] Log(string run) => File.ReadAllLines(Path.Combine(folder, run, "loss.csv"));

    private sealed class Collector(List<TrainingEvent> events) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value) => events.Add(value);
    }

    // Learns y = 2 x0 - x1 + 0.5 from numbers that depend on their index alone.
    private sealed class LineStage : TrainingStage
    {
        private readonly Action<long> seen;
        private readonly Linear line;

        public LineStage(Action<long>? seen = null)
        {
            this.seen = seen ?? (_ => { });
            line = Linear(2, 1);
            using var off = no_grad();
            line.weight!.fill_(.1);
            line.bias!.fill_(.2);
        }

        public string Label { get; init; } = "line";

        public override string Name => Label;

        public override Module Networks => line;

        public override Tensor Loss(TrainingShare share)
        {
            if (share.First % 8 == 0)
            {
                seen(share.Step.Index);
            }

            var numbers = Enumerable.Range(0, share.Count)
                .SelectMany(i => new StableRandom(1, share.First + i) is var random ? new[] { (float)random.NextDouble(), (float)random.NextDouble() } : [])
                .ToArray();
            var x = tensor(numbers).view(-1, 2);
            var y = (2 * x[.., 0]) - x[.., 1] + .5;
            return functional.mse_loss(line.forward(x).squeeze(1), y);
        }

        public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            return new Dictionary<string, double>
            {
                ["error"] = (line.weight! - tensor([2f, -1f])).abs().max().item<float>(),
            };
        }

        public override void Export(string folder)
        {
            Directory.CreateDirectory(folder);
            Checkpoint.Save(line, Path.Combine(folder, "line.safetensors"));
        }
    }
}
