using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Networks.Clip;
using Dramatis.Training.FastComposer;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Adapters;

/// <summary>Trains FastComposer: fusing layers, the last layers of the image encoder, and the denoiser or some of its layers (fine-tuning).</summary>
/// <remarks>
/// <see cref="AdapterRequest.Data"/> is a folder in the published layout (<c>image_ids_train.txt</c>, label maps), or one of records as for the
/// other adapters. <see cref="AdapterRequest.Cache"/> and weights in half precision are refused: pictures are seen otherwise each time, and the
/// denoiser is tuned.
/// </remarks>
public sealed record FastComposerRequest : AdapterRequest
{
    /// <summary>Ends of the paths of the denoiser's layers that are trained, for example <c>attn2.to_k</c>; null: all of it, as published.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>λ of the localisation of attention; 0 leaves it out.</summary>
    public double Localization { get; init; } = 1e-3;

    /// <summary>How many blocks of the denoiser are supervised, around the middle one.</summary>
    public int LocalizationBlocks { get; init; } = 5;

    /// <summary>How often a step counts only cells with subjects, 0 to 1.</summary>
    public double MaskedShare { get; init; } = .5;

    /// <summary>How often a caption is shown without its subjects, 0 to 1.</summary>
    public double DropSubjects { get; init; }

    /// <summary>What subjects of label maps may be (COCO's names); null: all, and for records. The published training takes <c>person</c>.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>Whether references are turned, lit and warped.</summary>
    public bool Augment { get; init; } = true;

    private protected override bool LearnsFromRecords => !File.Exists(LabelFolder.ListIn(Data));

    private protected override string? Problem(TrainingRecord record) => RecordLabels.Problem(record);

    private protected override TrainerOptions TrainerOf() => TrainerOf(_ => 1) with { EmaDecay = 0 };

    private protected override ClipVisionEncoder LoadVision(ModelFolder folder) =>
        ModelFolder.LoadImageEncoder(folder.EncoderFor(FastComposerMethod.Name));

    private protected override (TrainingStage Stage, int Samples) StageOf(
        AdapterInputs inputs, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        Check("masked_share", MaskedShare);
        Check("drop_subjects", DropSubjects);
        InvalidRequestException.ThrowUnless(Localization >= 0 && double.IsFinite(Localization), "localization", $"{Localization} is less than 0.");
        InvalidRequestException.ThrowUnless(Cache is null, "cache", "is of no use: each picture is cut, turned and lit otherwise each time. Leave it out.");
        InvalidRequestException.ThrowUnless(
            Storage == WeightStorage.Widened, "weights", "in half precision cannot be tuned, and the denoiser is; take single precision.");
        InvalidRequestException.ThrowUnless(
            Kinds is null || !LearnsFromRecords,
            "kinds",
            "says what subjects of label maps may be, and the data are records: each names its subjects itself. Leave it out.");
        var (model, vision, records) = (inputs.Model, inputs.Vision, inputs.Records);
        InvalidRequestException.ThrowUnless(
            model.SecondTextEncoder is null, "model", $"{model.Folder.Path} has two text encoders; FastComposer is trained on models with one.");
        ILabelledPictures pictures = LearnsFromRecords ? new RecordLabels(Data, records) : LabelFolder.Load(Data, kinds: Kinds);
        var postfuse = From is { } start ? Begin(start, model, vision) : new PostfuseNetwork(new(model.UNet.Config.TextWidth, vision.Config.Projection));
        var options = new SampleOptions
        {
            Seed = Seed,
            Side = Side(model),
            ReferenceSide = vision.Config.Side,
            MostSubjects = MostSubjects,
            DropSubjects = DropSubjects,
            Augment = Augment,
        };
        var stage = new FastComposerStage(new()
        {
            Model = model,
            Networks = (postfuse, vision),
            Source = new FastComposerSource(pictures, model.Tokenizer, options),
            Config = new() { MostSubjects = MostSubjects, Cleaning = model.Tokenizer.Options.Cleaning },
            Seed = Seed,
            Layers = Layers,
            Localization = Localization == 0 ? null : new() { Weight = Localization, Blocks = LocalizationBlocks },
            MaskedShare = MaskedShare,
            Recompute = Recompute,
            Stored = Stored,
        });
        return (stage, pictures.Count);
    }

    // The weights of an earlier training, put over those of the base.
    private static PostfuseNetwork Begin(string start, BaseModel model, ClipVisionEncoder vision)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var weights = ModelFolder.Open(start).Adapter(FastComposerMethod.Name).OpenWeights();
        var postfuse = FastComposerFile.LoadPostfuse(weights, model.UNet.Config.TextWidth);
        try
        {
            FastComposerFile.Overwrite(vision, weights, ModelNetwork.ImageEncoder);
            FastComposerFile.Overwrite(model.UNet, weights, ModelNetwork.UNet);
            return postfuse;
        }
        catch
        {
            postfuse.Dispose();
            throw;
        }
    }

    private static void Check(string field, double share) => InvalidRequestException.ThrowUnless(
        share is >= 0 and <= 1, field, $"{share} is not between 0 and 1.");
}
