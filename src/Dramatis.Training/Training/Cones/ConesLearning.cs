using Dramatis.Methods.Cones;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Cones;

/// <summary>Cones among the methods that learn subjects. No official code is published: steps and ρ are an unofficial one's.</summary>
internal sealed class ConesLearning : LearnedMethod<ConesSettings>
{
    /// <summary>ρ: how far the mask goes against its gradient.</summary>
    public const double UsualStepSize = 2e-5;

    public override string Name => "cones";

    public override string Summary => "Learns a subject from a few pictures: which weights to remove so that the model draws it (Cones, concept neurons).";

    public override LearnDefaults Usual { get; } = new(Steps: 1000, LearningRate: UsualStepSize, Prior: 32);

    public override string WordHelp => WordBefore(RareWord);

    public override string FileName => ConesFile.FileName;

    public override string? UsualWord(int subject, string kind) => subject == 0 ? RareWord : null;

    public override LearnedPainting Painted(string folder, string kind, string phrase) =>
        new(phrase) { Subject = new() { Phrase = phrase, Learned = [Path.Combine(folder, FileName)] } };

    internal override TrainerOptions Trained(TrainerOptions usual) =>
        usual with { Optimizer = AdamWOptions.Descent, ClipNorm = double.PositiveInfinity };

    protected override SubjectRecipe Begin(LearnContext context, ConesSettings settings) => new(
        new ConesLearner(new(context.Model), settings) { PriorWeight = context.PriorWeight },
        ViewMakers.Cropped(context.Side),
        [.. context.Subjects.Select(subject => subject.Lesson("a"))])
    {
        Record = [("share", settings.Share)],
    };
}
