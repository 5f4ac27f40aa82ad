using Dramatis.Configs;
using Dramatis.Methods.Lora;
using Dramatis.Pictures;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Lora;

/// <summary>LoRA among the methods that learn subjects: as diffusers' script for DreamBooth with LoRA.</summary>
internal sealed class LoraLearning : LearnedMethod<LoraSettings>
{
    public override string Name => "lora";

    public override string Summary => "Learns subjects from a few pictures as low-rank changes of the model's weights (LoRA).";

    public override LearnDefaults Usual { get; } = new(Steps: 500, LearningRate: 1e-4, Prior: 0);

    public override string WordHelp => WordBefore(RareWord);

    public override string FileName => LoraWriter.FileName;

    public override string? UsualWord(int subject, string kind) => subject == 0 ? RareWord : null;

    public override LearnedPainting Painted(string folder, string kind, string phrase) =>
        new(phrase) { Subject = new() { Phrase = phrase, Learned = [Path.Combine(folder, FileName)] } };

    protected override SubjectRecipe Begin(LearnContext context, LoraSettings settings) => new(
        new LoraLearner(new(context.Model), settings, context.Seed) { PriorWeight = context.PriorWeight },
        ViewMakers.Cropped(context.Side, filter: ResizeFilter.Lanczos),
        [.. context.Subjects.Select(subject => subject.Lesson("a photo of"))])
    {
        Record =
        [
            ("rank", settings.Rank),
            ("alpha", settings.Alpha ?? settings.Rank),
            ("layers", ConfigWriter.List(settings.Layers)),
            ("text_encoder", settings.TextEncoder),
        ],
    };
}
