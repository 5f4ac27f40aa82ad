using System.CommandLine;
using Dramatis.Methods;
using Dramatis.Methods.Cones;
using Dramatis.Training;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

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
        var words = new WordOptions("sks");
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
        options.AddTo(command);
        words.AddTo(command);
        prior.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var trainer = options.ForTrainer(parsed) with { Optimizer = AdamWOptions.Descent, ClipNorm = double.PositiveInfinity };
            var lessons = words.Lessons(parsed, options.Subjects(parsed), "a");
            var model = BaseModel.Load(options.Model(parsed));
            var learner = new ConesLearner(
                new LearningModel(model),
                recipe with { Steps = trainer.Steps, StepSize = trainer.LearningRate, Share = parsed.GetValue(share) })
            {
                PriorWeight = prior.Weight(parsed),
            };
            var side = options.Side(parsed, model);
            using var stage = new SubjectStage(
                learner,
                new()
                {
                    Method = Method,
                    Subjects = prior.Beside(parsed, options, lessons, model, cancellationToken),
                    View = SubjectViews.Cropped(side),
                    Side = side,
                    Seed = options.Seed(parsed),
                    Record = [.. LearnOptions.Record(trainer), ("share", parsed.GetValue(share)), ("prior_weight", learner.PriorWeight)],
                },
                cancellationToken);
            return Task.FromResult(options.Run(parsed, stage, trainer, cancellationToken));
        });
        return command;
    }
}
