using Dramatis.Errors;
using Dramatis.Methods.EasyRef;
using Dramatis.Tokenizers;
using Dramatis.Training.EasyRef;
using Dramatis.Weights;

namespace Dramatis.Training.Adapters;

/// <summary>Trains EasyRef by one of its three stages, each from what the one before has left.</summary>
/// <remarks>
/// <see cref="AdapterRequest.Data"/> is a JSON list of groups in the published form, or the folder with it as <c>groups.json</c>.
/// <see cref="AdapterRequest.Cache"/> is refused: groups are seen otherwise each time.
/// </remarks>
public sealed record EasyRefRequest : AdapterRequest
{
    /// <summary>1 aligns new tokens with the denoiser; 2 trains the language model too, on single pictures; 3 on groups.</summary>
    public required int Stage { get; init; }

    /// <summary>Folder of the multimodal language model; null: the model's own.</summary>
    public string? LanguageModel { get; init; }

    /// <summary>Of the denoiser's changes, where stage 2 begins them.</summary>
    public int Rank { get; init; } = 128;

    /// <summary>What a group becomes, where stage 1 begins.</summary>
    public int Tokens { get; init; } = 64;

    /// <summary>About the pixels a side that references are brought to, at least 56.</summary>
    public int ReferenceSide { get; init; } = 336;

    /// <summary>References of a sample, at most.</summary>
    public int MostReferences { get; init; } = 28;

    /// <summary>How often only some references of a group are shown, 0 to 1; null: 0.4 in stage 3, never before.</summary>
    public double? Truncate { get; init; }

    /// <summary>How often the words alone are left out, 0 to 0.9.</summary>
    public double DropText { get; init; } = .05;

    /// <summary>How often the noisiest level is drawn, 0 to 1, beside all levels alike; the reference has 0.</summary>
    /// <remarks>
    /// On a schedule that leaves no signal there (zero terminal SNR, Lin et al., 2023), nothing but text and references says what the picture is as a
    /// whole, and on large pictures nothing but that level asks.
    /// </remarks>
    public double Noisiest { get; init; }

    /// <summary>References keep the order of the data, instead of one of each sample's own.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>A single reference is cut where its target is, as in the reference implementation, and not in its own middle.</summary>
    public bool CutAlike { get; init; }

    /// <summary>Reference tokens see all of each other, instead of those before them as the published checkpoints do.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>How the pictures of a group come together.</summary>
    public GroupAggregation Aggregation { get; init; }

    private protected override bool LearnsFromRecords => false;

    /// <summary>The published learning rate of a stage.</summary>
    public static double UsualRate(int stage) => stage switch
    {
        2 => 4e-5,
        3 => 2e-5,
        _ => 1e-4,
    };

    private protected override TrainerOptions TrainerOf()
    {
        Check(Stage is >= 1 and <= 3, "stage", $"{Stage} is none; there are 1, 2 and 3.");
        Check(Rank >= 1, "rank", $"{Rank} is less than 1.");
        Check(Tokens >= 1, "tokens", $"{Tokens} is less than 1.");
        Check(ReferenceSide >= 56, "reference_size", $"{ReferenceSide} pixels are less than 56, two tokens a side.");
        Check(MostReferences >= 1, "max_references", $"{MostReferences} is less than 1.");
        Check(Truncate is null or (>= 0 and <= 1), "truncate", $"{Truncate} is not between 0 and 1.");
        Check(Noisiest is >= 0 and <= 1, "noisiest", $"{Noisiest} is not between 0 and 1.");
        Check(DropText is >= 0 and <= .9, "drop_text", $"{DropText} is not between 0 and 0.9.");
        Check(Cache is null, "cache", $"is of no use: groups are cut, ordered and left out otherwise each time. Leave it out.");
        Check(
            Stage == 1 || !Recompute,
            "recompute",
            $"is for stage 1: later ones merge changes of low rank before a step, and such layers cannot be computed twice. Leave it out.");
        Check(Stage == 1 || From is not null, "from", $"is needed: stage {Stage} goes on from what stage {Stage - 1} has left.");
        var shares = this with { Workers = Workers ?? (Stage > 1 ? 1 : null) };
        return shares.TrainerOf(_ => 1) with
        {
            EmaDecay = 0,
            ClipNorm = Stage == 1 ? double.PositiveInfinity : 1,
            Optimizer = new() { WeightDecay = 0 },
            Accumulation = Stage == 3 ? Batch : 1,    // shapes differ: one picture after another
        };
    }

    private protected override (TrainingStage Stage, int Samples) StageOf(
        AdapterInputs inputs, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        const int Step = 64;
        var (model, side) = (inputs.Model, Side(inputs.Model));
        Check(Stage < 3 || side % Step == 0, "resolution", $"{side} is not a multiple of {Step} pixels, in which stage 3 keeps the shapes of pictures.");
        var records = GroupSet.Load(Data, ReferenceSide, SkipBad, problem => progress?.Report(new RecordBroken(problem)));
        var language = LanguageModel is { } folder ? ModelPart.Open(folder) : model.Folder.LanguageModelFor(EasyRefMethod.Name);
        var chat = QwenChat.FromFolder(language.Folder);
        var stage = new EasyRefStage(new()
        {
            Model = model,
            Start = From is { } start ? EasyRefStart.From(start, model, language, Stage) : EasyRefStart.New(model, language, Tokens),
            Stage = Stage,
            Chat = chat,
            Records = records,
            Options = Options(side),
            Config = new() { Side = ReferenceSide, MostPictures = MostReferences, Attention = Bidirectional ? FinalAttention.Bidirectional : FinalAttention.Causal },
            Rank = Rank,
            Aggregation = Aggregation,
            Recompute = Recompute,
            Stored = Stored,
        });
        return (stage, records.Count);
    }

    private GroupOptions Options(int side) => new()
    {
        Seed = Seed,
        Side = side,
        ReferenceSide = ReferenceSide,
        Square = Stage < 3,
        MostReferences = Stage < 3 ? 1 : MostReferences,
        Truncate = Truncate ?? (Stage == 3 ? .4 : 0),
        DropText = DropText,
        Noisiest = Noisiest,
        KeepOrder = KeepOrder,
        CutAlike = CutAlike,
    };

    private static void Check(bool holds, string field, FormattableString problem) =>
        InvalidRequestException.ThrowUnless(holds, field, FormattableString.Invariant(problem));
}
