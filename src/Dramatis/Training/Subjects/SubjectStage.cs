using System.Text.Json.Nodes;
using Dramatis.Conditioning;
using Dramatis.Configs;
using Dramatis.Methods;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Subjects;

/// <summary>What a subject is learned from, and how its pictures are seen.</summary>
public sealed record SubjectStageSetup
{
    /// <summary>For example <c>lora</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The words that mean the subject in prompts, for example <c>sks dog</c>.</summary>
    public required string Phrase { get; init; }

    public required IReadOnlyList<SubjectPicture> Pictures { get; init; }

    /// <summary>The text of one of them.</summary>
    public required Func<StableRandom, string> Text { get; init; }

    public required ViewMaker View { get; init; }

    /// <summary>Others of its kind, for prior preservation.</summary>
    public IReadOnlyList<SubjectPicture> Others { get; init; } = [];

    /// <summary>Their text.</summary>
    public string OthersText { get; init; } = "";

    /// <summary>Pixels a side that pictures are cut to.</summary>
    public required int Side { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What else the record beside the weights says.</summary>
    public IReadOnlyList<(string Field, JsonNode? Value)> Record { get; init; } = [];
}

/// <summary>Learns a subject by any method that changes weights or words. For one worker: what is learned is put on the model step by step.</summary>
public sealed class SubjectStage : TrainingStage
{
    /// <summary>Beside what was learned: what it is.</summary>
    public const string RecordName = "subject.json";

    private const int ViewsOfEach = 16;
    private const int ExamRows = 4;
    private const long ExamItems = long.MaxValue / 2;

    private readonly SubjectLearner learner;
    private readonly SubjectStageSetup setup;
    private readonly SubjectBatches batches;
    private readonly IReadOnlyList<LatentViews> views;
    private readonly string fingerprint;

    /// <param name="learner">Belongs to the stage from now on, and its model with it.</param>
    /// <exception cref="OperationCanceledException">Stopped while pictures were encoded.</exception>
    public SubjectStage(SubjectLearner learner, SubjectStageSetup setup, CancellationToken cancellationToken = default)
    {
        this.learner = learner;
        this.setup = setup;
        fingerprint = learner.Model.Base.Fingerprint;
        Name = $"{setup.Method}-{string.Concat(setup.Phrase.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'))}";
        var own = Encode(setup.Pictures);
        var others = setup.Others.Count > 0 ? Encode(setup.Others) : null;
        views = others is null ? [own] : [own, others];
        batches = new(learner.Model, [new(own, setup.Text)], others is null ? [] : [new(others, _ => setup.OthersText)], setup.Seed);

        LatentViews Encode(IReadOnlyList<SubjectPicture> pictures) =>
            LatentViews.Encode(learner.Model.Base.Vae, pictures, setup.View, ViewsOfEach, setup.Seed, cancellationToken);
    }

    /// <summary>With the phrase, so that a folder of another subject is not gone on with.</summary>
    public override string Name { get; }

    public override Module Networks => learner.Trained;

    public override Tensor Loss(TrainingShare share) => learner.Loss(() => batches.Make(share.First, share.Count), share.Step.Index);

    /// <summary>The denoiser's error on a few views that stay the same; pictures of the phrase.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var worn = learner.WearLearned(step.Index);
        var exam = batches.Make(ExamItems, ExamRows);
        var error = LearningLoss.Of(learner.Model.SquaredErrors(exam), exam).Subject.item<float>();
        var model = learner.Model.Base;
        if (model.SecondTextEncoder is null)
        {
            var ids = TokenIds.Of([.. new[] { "", setup.Text(new(setup.Seed, 0, 0)) }.Select(model.Tokenizer.Encode)]);
            var sheet = new PreviewPainter(model, setup.Side).Sheet(setup.Pictures, learner.Model.Encode(ids, null).Text, ConditioningSession.None);
            PictureWriter.WritePng(Path.Combine(folder, $"{Name}-{step.Index:D6}.png"), sheet);
        }

        return new Dictionary<string, double> { ["error"] = error };
    }

    public override void Export(string folder)
    {
        new ModelWriter(folder).Text("", RecordName, ConfigWriter.Write(
        [
            ("method", setup.Method),
            ("phrase", setup.Phrase),
            ("model", fingerprint),
            ("resolution", setup.Side),
            ("pictures", setup.Pictures.Count),
            ("seed", setup.Seed),
            .. setup.Record,
        ]));
        learner.Write(folder);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var item in views)
            {
                item.Dispose();
            }

            learner.Dispose();
            learner.Model.Base.Dispose();
        }

        base.Dispose(disposing);
    }
}
