using System.CommandLine;
using Dramatis.Training;
using Dramatis.Training.Cones;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train cones</c>.</summary>
internal static class TrainCones
{
    private const string Method = "cones";
    private const int UsualPrior = 32;

    public static Command Create()
    {
        var recipe = new ConesRecipe();
        var options = new LearnOptions(recipe.Steps, recipe.StepSize);
        var prior = new PriorOptions(UsualPrior);
        var training = new SubjectTraining(Method, options, new("sks"), prior);
        var share = new Option<double>("--share") { Description = "The part of cross-attention's keys and values that is the subject's.", DefaultValueFactory = _ => recipe.Share };
        var command = new Command(
            "cones",
            """
            Learns a subject from a few pictures: which weights to remove so that the model draws it (Cones, concept neurons).

            Example: dramatis train cones --subject cat --references photos/tom -o runs/tom
            Then:    dramatis paint "a {sks cat} on a beach" -s "sks cat=lora:runs/tom/model/cones.safetensors"
            """)
        {
            share,
        };
        training.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var trainer = options.ForTrainer(parsed) with { Optimizer = AdamWOptions.Descent, ClipNorm = double.PositiveInfinity };
            var own = recipe with { Steps = trainer.Steps, StepSize = trainer.LearningRate, Share = parsed.GetValue(share) };
            return Task.FromResult(training.Run(
                parsed,
                trainer,
                "a",
                (model, side) => new(new ConesLearner(new(model), own) { PriorWeight = prior.Weight(parsed) }, SubjectViews.Cropped(side)) { Record = [("share", own.Share)] },
                cancellationToken));
        });
        return command;
    }
}
