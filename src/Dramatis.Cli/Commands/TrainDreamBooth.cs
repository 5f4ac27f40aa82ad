using System.CommandLine;
using Dramatis.Methods.DreamBooth;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train dreambooth</c>.</summary>
internal sealed class TrainDreamBooth
{
    private const string Method = "dreambooth";

    private readonly LearnOptions options = new(usualSteps: 800, usualRate: 5e-6);
    private readonly WordOptions words = new("sks");
    private readonly PriorOptions prior = new(usualCount: 200);
    private readonly Option<bool> text = new("--text-encoder") { Description = "Tune the text encoders too; then --rate 2e-6 is usual." };
    private readonly Option<double?> minSnr = new("--min-snr") { Description = "So that easy noise levels do not outweigh the others; 5 is usual." };

    public Command Create()
    {
        var command = new Command(
            Method,
            """
            Learns subjects from a few pictures by tuning the whole model (DreamBooth). What comes out is a model folder.

            Example: dramatis train dreambooth --subject cat --references photos/tom -o runs/tom
            Then:    dramatis paint "a photo of sks cat on a beach" --model runs/tom/model
            """)
        {
            text, minSnr,
        };
        options.AddTo(command);
        words.AddTo(command);
        prior.AddTo(command);
        minSnr.Require<double>(value => value > 0, "takes a number above 0");
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var trainer = options.ForTrainer(parsed);
        var lessons = words.Lessons(parsed, options.Subjects(parsed), "a photo of");
        var model = BaseModel.Load(options.Model(parsed));
        var side = options.Side(parsed, model);
        var beside = prior.Beside(parsed, options, lessons, model, cancellationToken);
        var recipe = new DreamBoothOptions { TextEncoder = parsed.GetValue(text), MinSnr = parsed.GetValue(minSnr) };
        var learner = new DreamBoothLearner(new(model), recipe) { PriorWeight = prior.Weight(parsed) };
        using var stage = new SubjectStage(
            learner,
            new()
            {
                Method = Method,
                Subjects = beside,
                View = SubjectViews.Cropped(side),
                Side = side,
                Seed = options.Seed(parsed),
                Record = [.. LearnOptions.Record(trainer), ("text_encoder", recipe.TextEncoder), ("prior_weight", learner.PriorWeight), ("min_snr", recipe.MinSnr)],
            },
            cancellationToken);
        return options.Run(parsed, stage, trainer, cancellationToken);
    }
}
