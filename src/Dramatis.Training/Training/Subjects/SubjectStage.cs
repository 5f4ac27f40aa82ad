using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Subjects;

/// <summary>What one subject is learned from.</summary>
internal sealed record SubjectLesson
{
    /// <summary>The words that mean the subject in prompts, for example <c>sks dog</c>.</summary>
    public required string Phrase { get; init; }

    public required IReadOnlyList<SubjectPicture> Pictures { get; init; }

    /// <summary>What of the phrase a method of words learns, and a model's prior reads; null for methods that learn no words.</summary>
    public string? Words { get; init; }

    /// <summary>The text of one of them.</summary>
    public required Func<StableRandom, string> Text { get; init; }

    /// <summary>Others of its kind, for prior preservation: all subjects have some, or none has.</summary>
    public IReadOnlyList<SubjectPicture> Others { get; init; } = [];

    /// <summary>Their text.</summary>
    public string OthersText { get; init; } = "";
}

/// <summary>What subjects are learned from together, and how their pictures are seen.</summary>
internal sealed record SubjectStageSetup
{
    /// <summary>For example <c>lora</c>.</summary>
    public required string Method { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<SubjectLesson> Subjects { get; init; }

    public required ViewMaker View { get; init; }

    /// <summary>How others of a kind are seen; null: as the subjects.</summary>
    public ViewMaker? OthersView { get; init; }

    /// <summary>Pixels a side that pictures are cut to.</summary>
    public required int Side { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What else the record beside the weights says.</summary>
    public IReadOnlyList<(string Field, JsonNode? Value)> Record { get; init; } = [];
}

/// <summary>Learns subjects by any method.</summary>
internal sealed class SubjectStage : TrainingStage
{
    /// <summary>Beside what was learned: what it is.</summary>
    public const string RecordName = "subject.json";

    // Others are many, and each is one of them only.
    private const int ViewsOfEach = 16;
    private const int ViewsOfOthers = 1;

    private const int ExamRows = 4;
    private const long ExamItems = long.MaxValue / 2;

    private readonly SubjectLearner learner;
    private readonly SubjectStageSetup setup;
    private readonly SubjectBatches batches;
    private readonly List<LatentViews> views = [];
    private readonly string fingerprint;

    /// <param name="learner">Belongs to the stage from now on, and its model with it.</param>
    /// <exception cref="OperationCanceledException">Stopped while pictures were encoded.</exception>
    public SubjectStage(SubjectLearner learner, SubjectStageSetup setup, CancellationToken cancellationToken = default)
    {
        this.learner = learner;
        this.setup = setup;
        fingerprint = learner.Model.Base.Fingerprint;
        Settings = LearningSettings.Of(Record, setup.Subjects.SelectMany(subject => subject.Pictures));
        Name = $"{setup.Method}-{string.Concat(Phrases.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'))}";
        TextedViews[] own = [.. setup.Subjects.Select(subject => new TextedViews(Encode(subject.Pictures, setup.View, ViewsOfEach), subject.Text, subject.Words))];
        TextedViews[] others =
        [
            .. setup.Subjects.Where(subject => subject.Others.Count > 0)
                .Select(subject => new TextedViews(Encode(subject.Others, setup.OthersView ?? setup.View, ViewsOfOthers), _ => subject.OthersText)),
        ];
        batches = new(learner.Model, own, others, setup.Seed);

        LatentViews Encode(IReadOnlyList<SubjectPicture> pictures, ViewMaker view, int each)
        {
            views.Add(LatentViews.Encode(learner.Model.Base.Vae, pictures, view, each, setup.Seed, cancellationToken));
            return views[^1];
        }
    }

    /// <summary>With the phrases, so that a folder of another subject is not gone on with.</summary>
    public override string Name { get; }

    public override IReadOnlyDictionary<string, string> Settings { get; }

    // In the learner's order.
    private IEnumerable<(string Field, JsonNode? Value)> Record =>
        learner.RecordFields is { } fields ? fields.Select(name => All.First(item => item.Field == name)) : All;

    private IEnumerable<(string Field, JsonNode? Value)> All =>
    [
        ("method", setup.Method),
        ("phrase", Phrases),
        ("model", fingerprint),
        ("resolution", setup.Side),
        ("pictures", setup.Subjects.Sum(subject => subject.Pictures.Count)),
        ("prior", setup.Subjects.Sum(subject => subject.Others.Count)),
        ("seed", setup.Seed),
        .. setup.Record,
    ];

    private string Phrases => string.Join(", ", setup.Subjects.Select(subject => subject.Phrase));

    public override Module Networks => learner.Trained;

    /// <summary>What is learned is put on the model step by step.</summary>
    public override int MostWorkers => 1;

    public override TrainingLoss Loss(TrainingShare share) => learner.Loss(() => batches.Make(share.First, share.Count), share.Step.Index);

    /// <summary>The denoiser's error on a few views that stay the same, and what else the method says; pictures of the phrases.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var worn = learner.WearLearned(step.Index);
        using var exam = batches.Make(ExamItems, ExamRows);
        var error = SubjectLoss.OfSubject(learner.SquaredErrors(exam), exam).item<float>();
        PictureWriter.WritePng(
            Path.Combine(folder, $"{Name}-{step.Index:D6}.png"), learner.Draw(new(learner.Model.Base, setup.Side), setup.Subjects, setup.Seed));
        return new Dictionary<string, double>([new("error", error), .. learner.Figures()]);
    }

    public override void Export(string folder)
    {
        new ModelWriter(folder).Text("", learner.RecordName, ConfigWriter.Write(Record));
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
