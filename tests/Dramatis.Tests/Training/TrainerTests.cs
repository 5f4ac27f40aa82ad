using System.Diagnostics;
using System.Globalization;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.TestKit;
using Dramatis.Training;
using Dramatis.Weights;
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

    private const string FolderVariable = "DRAMATIS_TEST_FOLDER";

    // Steps of a few hundred microseconds, and a checkpoint after each in the process that is killed: seconds at most.
    private static readonly TrainerOptions LongOptions = Options with { Steps = 4000, EvaluateEvery = 50 };

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
        Assert.Equal(Log("whole", "evaluations.csv"), Log("parts", "evaluations.csv"));
    }

    [Slow]
    [Fact]
    public void A_training_that_is_killed_over_and_over_ends_with_the_same_bits_as_one_that_was_not()
    {
        var whole = Weights(Path.Combine(folder, "whole"), LongOptions);
        var killed = Path.Combine(folder, "killed");
        int[] milliseconds = [150, 15, 333];

        foreach (var wait in milliseconds)
        {
            KillAfter(killed, TimeSpan.FromMilliseconds(wait));
        }

        var half = Path.Combine(killed, "checkpoint.safetensors.half.tmp");
        File.WriteAllBytes(half, File.ReadAllBytes(Path.Combine(killed, "checkpoint.safetensors"))[..100]);
        Assert.InRange(Log("killed").Length, 2, LongOptions.Steps);
        Assert.Equal(whole, Weights(killed, LongOptions));
        Assert.Equal(Log("whole"), Log("killed"));
        Assert.Equal(Log("whole", "evaluations.csv"), Log("killed", "evaluations.csv"));
    }

    // Run in a process of its own, which the test above kills.
    [Fact(Explicit = true)]
    public void A_training_that_waits_to_be_killed()
    {
        using var stage = new LineStage();

        new Trainer(stage, LongOptions with { SaveEvery = TimeSpan.Zero }, Environment.GetEnvironmentVariable(FolderVariable)!)
            .Run(cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_second_training_into_the_same_folder_is_refused_and_names_the_first_one_s_process()
    {
        FolderInUseException? refused = null;
        using var second = new LineStage();
        using var stage = new LineStage(step =>
        {
            if (step == 3)
            {
                refused = Assert.Throws<FolderInUseException>(() => Train(second, Options, folder));
            }
        });

        new Trainer(stage, Options, folder).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Environment.ProcessId, refused!.Process);
        Assert.Equal(folder, refused.Folder);
        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whenever_it_stops_there_is_a_picture_of_the_loss()
    {
        Weights(folder, Options);

        var curve = PictureReader.Read(Path.Combine(folder, "loss.png"));

        Assert.True(curve.Width > 0);
        Assert.Equal(["step,error", "6", "12"], Log("", "evaluations.csv")
            .Select(line => line.StartsWith("step", StringComparison.Ordinal) ? line : line.Split(',')[0]));
    }

    [Theory]
    [InlineData(7, 2, .1, "batch")]
    [InlineData(0, 1, .1, "batch")]
    [InlineData(8, 3, .1, "workers")]
    [InlineData(8, 2, -.1, "rate")]
    [InlineData(8, 2, 0, "rate")]
    [InlineData(8, 2, double.NaN, "rate")]
    [InlineData(8, 2, double.PositiveInfinity, "rate")]
    public void Numbers_that_make_no_sense_are_refused_before_anything_is_written(int batch, int workers, double rate, string field)
    {
        using var stage = new LineStage();
        var into = Path.Combine(folder, "none");

        var error = Assert.Throws<InvalidRequestException>(
            () => Train(stage, Options with { Batch = batch, Workers = workers, LearningRate = rate }, into));

        Assert.Equal(field, error.Field);
        Assert.False(Directory.Exists(into));
    }

    [Fact]
    public void More_workers_than_the_stage_can_have_are_refused_before_anything_is_written()
    {
        using var stage = new LineStage { Most = 1 };
        var into = Path.Combine(folder, "none");

        Assert.Equal("workers", Assert.Throws<InvalidRequestException>(() => Train(stage, Options with { Workers = 2 }, into)).Field);
        Assert.False(Directory.Exists(into));
        Train(stage, Options with { Workers = 1 }, into);
    }

    [Fact]
    public void The_parts_of_a_loss_are_columns_after_those_that_all_trainings_have()
    {
        var events = new List<TrainingEvent>();
        using var stage = new LineStage { Size = .25 };

        new Trainer(stage, Options, folder).Run(new Collector(events), TestContext.Current.CancellationToken);

        Assert.Equal("step,loss,learning_rate,gradient_norm,error,size", Log("")[0]);
        Assert.All(Log("")[1..].Select(Numbers), row => Assert.Equal(row[1], row[4] + (.25 * row[5]), 1e-5));
        Assert.Equal(["error", "size"], events.OfType<TrainingStepDone>().Last().AverageParts!.Keys);
    }

    [Fact]
    public void A_loss_of_one_part_has_no_columns_of_its_own()
    {
        var events = new List<TrainingEvent>();
        using var stage = new LineStage();

        new Trainer(stage, Options, folder).Run(new Collector(events), TestContext.Current.CancellationToken);

        Assert.Equal("step,loss,learning_rate,gradient_norm", Log("")[0]);
        Assert.All(events.OfType<TrainingStepDone>(), done => Assert.Null(done.AverageParts));
    }

    [Fact]
    public void A_log_that_was_begun_without_parts_goes_on_without()
    {
        Weights(folder, Options);
        using var stage = new LineStage { Size = .25 };

        Train(stage, Options with { Steps = Options.Steps + 1 }, folder);

        Assert.All(Log(""), line => Assert.Equal(4, line.Split(',').Length));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_refused()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "in the way");
        using var stage = new LineStage();

        Assert.Throws<OutputNotWrittenException>(() => Train(stage, Options, file));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there is a folder that refuses even the administrator.");
        Assert.Throws<OutputNotWrittenException>(() => Train(stage, Options, "/proc/self"));
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

    [Fact]
    public void A_checkpoint_that_was_begun_with_other_settings_is_refused_by_what_differs()
    {
        using var stage = new LineStage { Chosen = { ["rank"] = "4", ["seed"] = "1" } };
        using var same = new LineStage { Chosen = { ["rank"] = "4", ["younger"] = "yes" } };
        using var other = new LineStage { Chosen = { ["rank"] = "8", ["seed"] = "1" } };
        Train(stage, Options, folder);

        Train(same, Options, folder);
        Train(stage, Options with { Steps = Options.Steps + 1 }, folder);
        var error = Assert.Throws<InvalidCheckpointException>(() => Train(other, Options, folder));

        Assert.Contains("was begun with rank 4, not 8", error.Message, StringComparison.Ordinal);
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

    private static void Train(TrainingStage stage, TrainerOptions options, string into) =>
        new Trainer(stage, options, into).Run(cancellationToken: TestContext.Current.CancellationToken);

    private static double[] Numbers(string line) => [.. line.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];

    private static void KillAfter(string into, TimeSpan wait)
    {
        var log = Path.Combine(into, "checkpoint.safetensors");
        var before = File.Exists(log) ? File.GetLastWriteTimeUtc(log) : default;
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--filter-method", $"*.{nameof(A_training_that_waits_to_be_killed)}",
            "--explicit", "only"])
        {
            Environment = { [FolderVariable] = into },
            RedirectStandardOutput = true,
        })!;
        Assert.True(SpinWait.SpinUntil(() => File.Exists(log) && File.GetLastWriteTimeUtc(log) > before, TimeSpan.FromSeconds(30)), "It did not start.");
        Thread.Sleep(wait);
        process.Kill();
        process.WaitForExit();
    }

    private string[] Log(string run, string name = "loss.csv") => File.ReadAllLines(Path.Combine(folder, run, name));

    private sealed class Collector(List<TrainingEvent> events) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value) => events.Add(value);
    }

    // Learns y = 2 x0 - x1 + 0.5 from numbers that depend on their index alone.
    private sealed class LineStage : TrainingStage
    {
        private readonly Action<long> seen;
        private readonly TorchSharp.Modules.Linear line;

        public LineStage(Action<long>? seen = null)
        {
            this.seen = seen ?? (_ => { });
            line = Linear(2, 1);
            using var off = no_grad();
            line.weight!.fill_(.1);
            line.bias!.fill_(.2);
        }

        public string Label { get; init; } = "line";

        public Dictionary<string, string> Chosen { get; } = [];

        public int Most { get; init; } = TrainerOptions.MostWorkers;

        /// <summary>What the weights' size counts as a second part of the loss.</summary>
        public double Size { get; init; }

        public override IReadOnlyDictionary<string, string> Settings => Chosen;

        public override string Name => Label;

        public override Module Networks => line;

        public override int MostWorkers => Most;

        public override TrainingLoss Loss(TrainingShare share)
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
            LossPart error = new("error", functional.mse_loss(line.forward(x).squeeze(1), y));
            return new(Size == 0 ? [error] : [error, new("size", line.weight!.square().sum(), Size)]);
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
