using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Training.DreamBooth;

/// <summary>DreamBooth among the methods that learn subjects.</summary>
internal sealed class DreamBoothLearning : LearnedMethod<DreamBoothSettings>
{
    public override string Name => "dreambooth";

    public override string Summary => "Learns subjects from a few pictures by tuning the whole model (DreamBooth). What comes out is a model folder.";

    public override LearnDefaults Usual { get; } = new(Steps: 800, LearningRate: 5e-6, Prior: 200);

    public override string WordHelp => WordBefore(RareWord);

    public override LearnedTogether Together => LearnedTogether.OneModel;

    public override string FileName => ModelFolder.IndexName;

    public override string? UsualWord(int subject, string kind) => subject == 0 ? RareWord : null;

    public override LearnedPainting Painted(string folder, string kind, string phrase) => new(phrase) { Model = folder };

    protected override SubjectRecipe Begin(LearnContext context, DreamBoothSettings settings) => new(
        new DreamBoothLearner(new(context.Model), settings) { PriorWeight = context.PriorWeight },
        ViewMakers.Cropped(context.Side),
        [.. context.Subjects.Select(subject => subject.Lesson("a photo of"))])
    {
        Record = [("text_encoder", settings.TextEncoder), ("min_snr", settings.MinSnr)],
    };
}
