using Dramatis.Configs;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>Custom Diffusion among the methods that learn subjects.</summary>
internal sealed class CustomDiffusionLearning : LearnedMethod<CustomDiffusionSettings>
{
    private static readonly string[] UsualWords = ["<new1>", "<new2>", "<new3>", "<new4>"];

    public override string Name => ConceptMerge.Method;

    public override string Summary =>
        "Learns subjects from a few pictures, together, as new words and as keys and values of cross-attention (Custom Diffusion).";

    // The published command: 1e-5, twice for the batch and twice for the pictures beside.
    public override LearnDefaults Usual { get; } = new(Steps: 250, LearningRate: 4e-5, Batch: 2, Prior: 200);

    public override string WordHelp => WordBefore(UsualWords[0]);

    public override string InitializerHelp =>
        $"Entry of the model's vocabulary that a word begins as, one for each; {string.Join(", ", ConceptStart.Usual)} or the rarest when not given.";

    public override LearnedTogether Together => LearnedTogether.Merged;

    public override string FileName => CustomDiffusionFile.FileName;

    public override string? UsualWord(int subject, string kind) => UsualWords.ElementAtOrDefault(subject);

    // The new word alone is the subject; its kind follows in the prompt.
    public override LearnedPainting Painted(string folder, string kind, string phrase)
    {
        var word = phrase.Split(' ')[0];
        return new(phrase)
        {
            Subject = new() { Phrase = word, Learned = [Path.Combine(folder, FileName), Path.Combine(folder, $"{word}.safetensors")] },
        };
    }

    public override IReadOnlyList<string> Merge(MergeRequest request, CancellationToken cancellationToken = default) => ConceptMerge.Run(request);

    protected override SubjectRecipe Begin(LearnContext context, CustomDiffusionSettings settings)
    {
        var starts = ConceptStart.Of(context.Model.Tokenizer, [.. context.Subjects.Select(subject => subject.Initializer)]);
        var options = new CustomDiffusionOptions
        {
            Words = [.. context.Subjects.Zip(starts, (subject, id) => new ConceptWord(subject.Word, id))],
            WholeAttention = settings.WholeAttention,
        };
        return new(
            new CustomDiffusionLearner(LearningModel.ThatImagines(context.Model), options) { PriorWeight = context.PriorWeight },
            ViewMakers.Scaled(context.Side, context.Model.Vae.Config.Factor),
            [.. context.Subjects.Select(subject => subject.Lesson("photo of a") with { Words = subject.Word })])
        {
            OthersView = ViewMakers.Cropped(context.Side),
            Record = [("initializer_ids", ConfigWriter.List(starts)), ("whole_attention", settings.WholeAttention)],
        };
    }
}
