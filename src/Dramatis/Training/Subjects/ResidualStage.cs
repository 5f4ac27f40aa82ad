using Dramatis.Configs;
using Dramatis.Conditioning;
using Dramatis.Methods;
using Dramatis.Methods.Cones2;
using Dramatis.Pictures;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
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
    private const int Previews = 4;
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
        preview = model.Encode(Ids(["", PreviewText + setup.Words]), setup.Model.SecondTokenizer is null ? null : Ids(["", ""])).Text;
    }

    /// <summary>With the words, so that a folder of another subject is not gone on with.</summary>
    public override string Name { get; }

    public override Module Networks => learner;

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
            PictureWriter.WritePng(
                Path.Combine(folder, $"{Name}-{step.Index:D6}.png"),
                SampleSheet.Grid([[.. setup.Pictures.Select(Small)], [.. Enumerable.Range(0, Previews).Select(seed => Paint(residual, (ulong)seed))]]));
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
        new ModelWriter(folder).Text("", RecordName, ConfigWriter.Write(
            ("method", Cones2Method.Name),
            ("phrase", setup.Words),
            ("model", fingerprint),
            ("tokens", rows.shape[0]),
            ("resolution", setup.Side),
            ("pictures", setup.Pictures.Count),
            ("steps", setup.Recipe.Steps),
            ("learning_rate", setup.Recipe.LearningRate),
            ("start_weight", setup.Recipe.StartWeight),
            ("rest_weight", setup.Recipe.RestWeight),
            ("seed", setup.Seed)));
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

    private Picture Small(SubjectPicture picture) => picture.Picture.Resize(new(setup.Side, setup.Side));

    private Picture Paint(Tensor residual, ulong seed)
    {
        using var scope = NewDisposeScope();
        var (model, scheduler) = (setup.Model, setup.Model.Scheduler);
        var words = model.Tokenizer.EncodeWords(setup.Words);
        var shift = zeros(preview.shape[1], preview.shape[2]);
        shift.narrow(0, ColourLayout.Find(model.Tokenizer.Encode(PreviewText + setup.Words), words).Last(), residual.shape[0]).add_(residual);
        using var session = new Cones2Session([new(shift, null, Influence.Full)], new() { Steps = 0 }, scheduler, hasNegativeRow: true);
        using var noise = new Noise(seed);
        using var sampler = new EulerSampler();
        var schedule = Schedule.Make(scheduler, SamplerKind.Ddim, model.Defaults.Steps);
        var denoiser = Denoisers.From(
            (input, timestep, step) => Guidance.Guide(
                model.UNet.forward(cat([input, input]), full(2, timestep), new(step, session.TextAt(step, preview), session)), model.Defaults.Guidance),
            schedule,
            scheduler.Prediction);
        var side = setup.Side / model.Vae.Config.Factor;
        var start = schedule.StartScale * noise.Like(empty(1, model.Vae.Config.LatentChannels, side, side));
        var latents = DenoisingLoop.Run(denoiser, start, new() { Sampler = sampler, Schedule = schedule, Noise = noise }, session);
        return PicturePixels.ToPictures(model.Vae.Decode(model.Vae.FromModel(latents)))[0];
    }

    private Tensor Ids(string[] texts) => TokenIds.Of([.. texts.Select(setup.Model.Tokenizer.Encode)]);
}
