using System.Text.Json.Nodes;
using Dramatis.Conditioning;
using Dramatis.Configs;
using Dramatis.Methods.Cones2;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Training.Cones2;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Subjects;

/// <summary>What a residual is learned from.</summary>
public sealed record ResidualStageSetup
{
    /// <summary>Belongs to the stage from now on, which changes it.</summary>
    public required BaseModel Model { get; init; }

    /// <summary>The words that name the kind of subject, for example <c>dog</c>.</summary>
    public required string Words { get; init; }

    public required IReadOnlyList<SubjectPicture> Pictures { get; init; }

    /// <summary>Pixels a side that pictures are cut to.</summary>
    public required int Side { get; init; }

    public required ulong Seed { get; init; }

    public ResidualRecipe Recipe { get; init; } = new();
}

/// <summary>Learns what Cones 2 adds to the words of one subject.</summary>
public sealed class ResidualStage : TrainingStage
{
    /// <summary>Beside the residual: what it is.</summary>
    public const string RecordName = "residual.json";

    private const int ViewsOfEach = 16;
    private const int ExamRows = 4;
    private const string PreviewText = "a photo of a ";

    private readonly ResidualStageSetup setup;
    private readonly LatentViews views;
    private readonly SubjectBatches batches;
    private readonly ResidualLearner learner;
    private readonly LearningBatch exam;
    private readonly Tensor preview;    // the untuned texts of a picture without and with the words (2, L, E)
    private readonly string fingerprint;

    /// <exception cref="Errors.InvalidRequestException">The words are none of the model's.</exception>
    /// <exception cref="OperationCanceledException">Stopped while pictures were encoded.</exception>
    public ResidualStage(ResidualStageSetup setup, CancellationToken cancellationToken = default)
    {
        this.setup = setup;
        fingerprint = setup.Model.Fingerprint;
        Name = $"{Cones2Method.Name}-{string.Concat(setup.Words.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'))}";
        var model = new LearningModel(setup.Model);
        learner = new ResidualLearner(model, setup.Words, setup.Recipe);
        views = LatentViews.Encode(setup.Model.Vae, setup.Pictures, SubjectViews.Cropped(setup.Side), ViewsOfEach, setup.Seed, cancellationToken);
        batches = new(model, [new(views, _ => setup.Words)], [], setup.Seed);
        exam = batches.Make(long.MaxValue / 2, ExamRows);
        using var off = no_grad();
        Settings = LearningSettings.Of(Record, setup.Pictures);
        preview = model.Encode(Ids(["", PreviewText + setup.Words]), setup.Model.SecondTokenizer is null ? null : Ids(["", ""])).Text;
    }

    /// <summary>With the words, so that a folder of another subject is not gone on with.</summary>
    public override string Name { get; }

    public override IReadOnlyDictionary<string, string> Settings { get; }

    public override Module Networks => learner;

    private IEnumerable<(string Field, JsonNode? Value)> Record =>
    [
        ("method", Cones2Method.Name),
        ("phrase", setup.Words),
        ("model", fingerprint),
        ("tokens", learner.Tokens),
        ("resolution", setup.Side),
        ("pictures", setup.Pictures.Count),
        ("steps", setup.Recipe.Steps),
        ("batch", setup.Recipe.Batch),
        ("learning_rate", setup.Recipe.LearningRate),
        ("start_weight", setup.Recipe.StartWeight),
        ("rest_weight", setup.Recipe.RestWeight),
        ("seed", setup.Seed),
    ];

    public override Tensor Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        return learner.forward(batches.Make(share.First, share.Count)).Total.MoveToOuterDisposeScope();
    }

    /// <summary>The denoiser's error on a few views that stay the same, and how long the residual has become; pictures of the words with it.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var residual = learner.Residual();
        if (setup.Model.SecondTextEncoder is null)
        {
            using var session = Open(residual);
            var sheet = new LearnedSheet(setup.Model, setup.Side).Draw(setup.Pictures, preview, session);
            PictureWriter.WritePng(Path.Combine(folder, $"{Name}-{step.Index:D6}.png"), sheet);
        }

        return new Dictionary<string, double>
        {
            ["error"] = learner.forward(exam).Subject.item<float>(),
            ["residual_length"] = residual.norm(dim: 1).mean().item<float>(),
        };
    }

    public override void Export(string folder)
    {
        using var scope = NewDisposeScope();
        var rows = learner.Residual();
        new ModelWriter(folder).Text("", RecordName, ConfigWriter.Write(Record));
        Residual.Write(Path.Combine(folder, Residual.FileName), rows);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            views.Dispose();
            preview.Dispose();
            exam.Latents.Dispose();
            exam.Noise.Dispose();
            exam.Timesteps.Dispose();
            exam.Ids.Dispose();
            exam.SecondIds?.Dispose();
            exam.Masks?.Dispose();
            setup.Model.UNet.Dispose();
            setup.Model.Vae.Dispose();
        }

        base.Dispose(disposing);    // the text encoders are the learner's
    }

    private Cones2Session Open(Tensor residual)
    {
        using var scope = NewDisposeScope();
        var tokenizer = setup.Model.Tokenizer;
        var shift = zeros(preview.shape[1], preview.shape[2]);
        var position = ColourLayout.Find(tokenizer.Encode(PreviewText + setup.Words), tokenizer.EncodeWords(setup.Words)).Last();
        shift.narrow(0, position, residual.shape[0]).add_(residual);
        return new([new(shift, null, Influence.Full)], new() { Steps = 0 }, setup.Model.Scheduler, hasNegativeRow: true);
    }

    private Tensor Ids(string[] texts) => TokenIds.Of([.. texts.Select(setup.Model.Tokenizer.Encode)]);
}
