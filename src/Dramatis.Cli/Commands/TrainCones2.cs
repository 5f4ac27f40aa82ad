using System.CommandLine;
using Dramatis.Training.Cones2;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train cones2</c>.</summary>
internal static class TrainCones2
{
    private const string Method = "cones2";

    public static Command Create()
    {
        var recipe = new ResidualRecipe();
        var options = new LearnOptions(recipe.Steps, recipe.LearningRate);
        var tokens = new Option<int?>("--tokens") { Description = "So many of the words' first tokens are learned, 4 KB each in SD 2.1; all when not given." };
        var command = new Command(
            Method,
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
            var (words, pictures) = (options.Subject(parsed), options.Pictures(parsed));
            var model = BaseModel.Load(options.Model(parsed));
            var side = options.Side(parsed, model);
            var learner = new ResidualLearner(new(model), words, recipe with { Tokens = parsed.GetValue(tokens) });
            using var stage = new SubjectStage(
                learner,
                new()
                {
                    Method = Method,
                    Subjects = [new() { Phrase = words, Pictures = pictures, Text = _ => words }],
                    View = SubjectViews.Cropped(side),
                    Side = side,
                    Seed = options.Seed(parsed),
                    Record =
                    [
                        .. LearnOptions.Record(trainer), ("tokens", learner.Tokens), ("start_weight", recipe.StartWeight), ("rest_weight", recipe.RestWeight),
                    ],
                },
                cancellationToken);
            return Task.FromResult(options.Run(parsed, stage, trainer, cancellationToken));
        });
        return command;
    }
}
