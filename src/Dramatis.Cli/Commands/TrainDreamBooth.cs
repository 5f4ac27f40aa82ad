using System.CommandLine;
using Dramatis.Training.DreamBooth;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train dreambooth</c>.</summary>
internal sealed class TrainDreamBooth
{
    private const string Method = "dreambooth";

    private readonly LearnOptions options = new(usualSteps: 800, usualRate: 5e-6);
    private readonly PriorOptions prior = new(usualCount: 200);
    private readonly SubjectTraining training;
    private readonly Option<bool> text = new("--text-encoder") { Description = "Tune the text encoders too; then --rate 2e-6 is usual." };
    private readonly Option<double?> minSnr = new("--min-snr") { Description = "So that easy noise levels do not outweigh the others; 5 is usual." };

    public TrainDreamBooth() => training = new(Method, options, new("sks"), prior);

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
        training.AddTo(command);
        minSnr.Require<double>(value => value > 0, "takes a number above 0");
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var recipe = new DreamBoothOptions { TextEncoder = parsed.GetValue(text), MinSnr = parsed.GetValue(minSnr) };
        return training.Run(
            parsed,
            options.ForTrainer(parsed),
            "a photo of",
            (model, side) => new(new DreamBoothLearner(new(model), recipe) { PriorWeight = prior.Weight(parsed) }, SubjectViews.Cropped(side))
            {
                Record = [("text_encoder", recipe.TextEncoder), ("min_snr", recipe.MinSnr)],
            },
            cancellationToken);
    }
}
