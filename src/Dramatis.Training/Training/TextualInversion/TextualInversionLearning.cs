using Dramatis.Training.Subjects;

namespace Dramatis.Training.TextualInversion;

/// <summary>Textual Inversion among the methods that learn subjects.</summary>
internal sealed class TextualInversionLearning : LearnedMethod<TextualInversionSettings>
{
    public override string Name => "textual-inversion";

    public override string Summary => "Learns a subject from a few pictures as a new word (Textual Inversion).";

    // One picture a step in four rounds, with the rate four times as high: the published command.
    public override LearnDefaults Usual { get; } = new(Steps: 3000, LearningRate: 2e-3, Batch: 4);

    public override string WordHelp => "The new word; <KIND> when not given.";

    public override string InitializerHelp => "A word of one token that the new one begins as; the kind, of however many, when not given.";

    public override bool LearnsSeveral => false;

    public override string FileName => TextualInversionLearner.FileName;

    public override string? UsualWord(int subject, string kind) => $"<{kind.Replace(' ', '-')}>";

    public override string PhraseOf(string kind, string word) => word;

    // The word comes with its file and stands for the kind.
    public override LearnedPainting Painted(string folder, string kind, string phrase) =>
        new(kind) { Subject = new() { Phrase = kind, Learned = [Path.Combine(folder, FileName)] } };

    internal override TrainerOptions Trained(TrainerOptions usual) => usual with { ClipNorm = double.PositiveInfinity };

    protected override SubjectRecipe Begin(LearnContext context, TextualInversionSettings settings)
    {
        var subject = context.Subjects[0];
        var options = new TextualInversionOptions
        {
            Word = subject.Word,
            Initializer = subject.Initializer ?? subject.Kind,
            TakesMean = subject.Initializer is null,
            Vectors = settings.Vectors,
        };
        var templates = settings.Style ? TextTemplates.Styles : TextTemplates.Objects;
        return new(
            new TextualInversionLearner(LearningModel.ThatImagines(context.Model), options),
            ViewMakers.Stretched(context.Side),
            [new() { Phrase = subject.Phrase, Words = subject.Word, Pictures = subject.Pictures, Text = random => TextTemplates.Fill(random.Pick(templates), subject.Word) }])
        {
            Record = [("initializer", options.Initializer), ("vectors", options.Vectors), ("style", settings.Style)],
        };
    }
}
