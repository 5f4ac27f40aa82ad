using Dramatis.Methods;
using Dramatis.Methods.Cones2;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Cones2;

/// <summary>Cones 2 among the methods that learn subjects: the official script's steps and rate.</summary>
internal sealed class Cones2Learning : LearnedMethod<Cones2Settings>
{
    public override string Name => Cones2Method.Name;

    public override string Summary => "Learns a subject from a few pictures: what to add to its words so that the model draws it (Cones 2).";

    public override LearnDefaults Usual { get; } = new(Steps: 4000, LearningRate: 5e-6);

    public override bool LearnsSeveral => false;

    public override string FileName => Residual.FileName;

    public override string RecordName => ResidualLearner.RecordFile;

    public override string PhraseOf(string kind, string word) => kind;

    public override LearnedPainting Painted(string folder, string kind, string phrase) =>
        new(phrase) { Subject = new() { Phrase = phrase, Learned = [Path.Combine(folder, FileName)] } };

    protected override SubjectRecipe Begin(LearnContext context, Cones2Settings settings)
    {
        var subject = context.Subjects[0];
        var learner = new ResidualLearner(LearningModel.ThatImagines(context.Model), subject.Phrase, settings);
        return new(
            learner,
            ViewMakers.Cropped(context.Side),
            [new() { Phrase = subject.Phrase, Words = subject.Phrase, Pictures = subject.Pictures, Text = _ => subject.Phrase }])
        {
            Record = [("tokens", learner.Tokens), ("start_weight", settings.StartWeight), ("rest_weight", settings.RestWeight)],
        };
    }
}
