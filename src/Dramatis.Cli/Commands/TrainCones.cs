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
        var word = new Option<string>("--word") { Description = "Stands before the kind in prompts and means the subject: a rare word of the model's.", DefaultValueFactory = _ => "sks" };
        var share = new Option<double>("--share") { Description = "The part of cross-attention's keys and values that is the subject's.", DefaultValueFactory = _ => recipe.Share };
        var command = new Command(
            "cones",
            """
            Learns a subject from a few pictures: which weights to remove so that the model draws it (Cones, concept neurons).

            Example: dramatis train cones --subject cat --references photos/tom -o runs/tom
            Then:    dramatis paint "a {sks cat} on a beach" -s "sks cat=lora:runs/tom/model/cones.safetensors"
            """)
        {
            word,
            share,
        };
        options.AddTo(command);
        prior.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var trainer = options.ForTrainer(parsed) with { Optimizer = AdamWOptions.Descent, ClipNorm = double.PositiveInfinity };
            var (kind, phrase) = (options.Subject(parsed), $"{parsed.GetRequiredValue(word)} {options.Subject(parsed)}");
            var pictures = options.Pictures(parsed);
            var model = BaseModel.Load(options.Model(parsed));
            var learner = new ConesLearner(
                new LearningModel(model),
                recipe with { Steps = trainer.Steps, StepSize = trainer.LearningRate, Share = parsed.GetValue(share) })
            {
                PriorWeight = prior.Weight(parsed),
            };
            var side = options.Side(parsed, model.Defaults.Size.Width, model.Vae.Config.Factor);
            using var stage = new SubjectStage(
                learner,
                new()
                {
                    Method = Method,
                    Phrase = phrase,
                    Pictures = pictures,
                    Text = _ => $"a {phrase}",
                    View = SubjectViews.Cropped(side),
                    Others = options.IsDryRun(parsed) ? pictures : prior.Pictures(parsed, options, $"a {kind}", cancellationToken),
                    OthersText = $"a {kind}",
                    Side = side,
                    Seed = options.Seed(parsed),
                    Record = [("steps", trainer.Steps), ("step_size", trainer.LearningRate), ("share", parsed.GetValue(share)), ("prior_weight", learner.PriorWeight)],
                },
                cancellationToken);
            if (options.IsDryRun(parsed))
            {
                Console.WriteLine(TrainEstimate.Of(stage, trainer));
                return Task.FromResult(0);
            }

            new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(options.Json(parsed)), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
