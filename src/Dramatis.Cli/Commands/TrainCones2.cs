using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Dramatis.Methods.Cones2;
using Dramatis.Training;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train cones2</c>.</summary>
internal static class TrainCones2
{
    // The first step of a process pays for much that later ones do not.
    private const int TimedSteps = 3;

    // A weight, its gradient, two moments and the average.
    private const int NumbersOfAWeight = 5;

    public static Command Create()
    {
        var recipe = new ResidualRecipe();
        var options = new LearnOptions(recipe.Steps, recipe.LearningRate);
        var tokens = new Option<int?>("--tokens") { Description = "So many of the words' first tokens are learned, 4 KB each in SD 2.1; all when not given." };
        var command = new Command(
            "cones2",
            """
            Learns a subject from a few pictures: what to add to its words so that the model draws it (Cones 2).

            Example: dramatis train cones2 --subject cat --references photos/tom -o runs/tom
            Then:    dramatis paint "a {cat} on a beach" -s "cat=residual:runs/tom/model/residual.pt"
            """)
        {
            tokens,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var trainer = options.ForTrainer(parsed);
            var pictures = options.Pictures(parsed);
            var model = BaseModel.Load(options.Model(parsed));
            using var stage = new ResidualStage(
                new()
                {
                    Model = model,
                    Words = options.Subject(parsed),
                    Pictures = pictures,
                    Side = options.Side(parsed, model.Defaults.Size.Width, model.Vae.Config.Factor),
                    Seed = options.Seed(parsed),
                    Recipe = recipe with { Tokens = parsed.GetValue(tokens), Steps = trainer.Steps, LearningRate = trainer.LearningRate },
                },
                cancellationToken);
            if (options.IsDryRun(parsed))
            {
                Console.WriteLine(Estimate(stage, trainer));
                return Task.FromResult(0);
            }

            new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(options.Json(parsed)), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private static string Estimate(ResidualStage stage, TrainerOptions trainer)
    {
        var numbers = stage.Networks.parameters().Sum(weight => weight.numel());
        var watch = new Stopwatch();
        for (var i = 0; i < TimedSteps; i++)
        {
            watch.Restart();
            using var scope = TorchSharp.torch.NewDisposeScope();
            stage.Loss(new(new(i, trainer.Steps), i * trainer.Batch, trainer.Batch)).backward();
        }

        var total = TimeSpan.FromSeconds(watch.Elapsed.TotalSeconds * trainer.Steps);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{trainer.Steps} steps of {watch.Elapsed.TotalMilliseconds:0} ms, about {(int)total.TotalHours}:{total.Minutes:00}:{total.Seconds:00}; {numbers:N0} weights are tuned, {NumbersOfAWeight * sizeof(float) * numbers / 1048576.0:0} MiB with gradients and optimiser; nothing was written");
    }
}
