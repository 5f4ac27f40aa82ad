using System.CommandLine;
using Dramatis.Training.Subjects;
using Dramatis.Training.TextualInversion;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train textual-inversion</c>.</summary>
internal sealed class TrainTextualInversion
{
    private const string Method = "textual-inversion";

    // One picture a step in four rounds, with the rate four times as high: the published command.
    private readonly LearnOptions options = new(usualSteps: 3000, usualRate: 2e-3, usualBatch: 4);

    private readonly Option<string?> word = new("--word") { Description = "The new word; <KIND> when not given." };
    private readonly Option<string?> initializer = new("--initializer") { Description = "A word of one token that the new one begins as; the kind, of however many, when not given." };
    private readonly Option<int> vectors = new("--vectors") { Description = "Rows of the word: more hold more, and take more of the prompt.", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> style = new("--style") { Description = "The pictures share a style, which is what is learned, and --subject is what it begins as." };

    public Command Create()
    {
        var command = new Command(
            Method,
            """
            Learns a subject from a few pictures as a new word (Textual Inversion).

            Example: dramatis train textual-inversion --subject cat --references photos/tom -o runs/tom
            Then:    dramatis paint "a {cat} on a beach" -s "cat=embedding:runs/tom/model/learned_embeds.safetensors"
            """)
        {
            word, initializer, vectors, style,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var trainer = options.ForTrainer(parsed) with { ClipNorm = double.PositiveInfinity };
        var (kind, pictures) = (options.Subject(parsed), options.Pictures(parsed));
        var recipe = new TextualInversionOptions
        {
            Word = parsed.GetValue(word) ?? $"<{kind.Replace(' ', '-')}>",
            Initializer = parsed.GetValue(initializer) ?? kind,
            TakesMean = parsed.GetValue(initializer) is null,
            Vectors = parsed.GetValue(vectors),
        };
        var templates = parsed.GetValue(style) ? TextTemplates.Styles : TextTemplates.Objects;
        var model = BaseModel.Load(options.Model(parsed));
        var side = options.Side(parsed, model);
        using var stage = new SubjectStage(
            new TextualInversionLearner(new(model), recipe),
            new()
            {
                Method = Method,
                Subjects =
                [
                    new()
                    {
                        Phrase = recipe.Word,
                        Pictures = pictures,
                        Text = random => TextTemplates.Fill(random.Pick(templates), recipe.Word),
                    },
                ],
                View = SubjectViews.Stretched(side),
                Side = side,
                Seed = options.Seed(parsed),
                Record = [.. LearnOptions.Record(trainer), ("initializer", recipe.Initializer), ("vectors", recipe.Vectors), ("style", parsed.GetValue(style))],
            },
            cancellationToken);
        return options.Run(parsed, stage, trainer, cancellationToken);
    }
}
