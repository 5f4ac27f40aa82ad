using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Methods.EasyRef;
using Dramatis.Tokenizers;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.EasyRef;

/// <summary>What a training of EasyRef works with.</summary>
internal sealed record EasyRefStageSetup
{
    /// <summary>Belongs to the caller; it is used, not trained.</summary>
    public required BaseModel Model { get; init; }

    /// <summary>Belongs to the stage.</summary>
    public required EasyRefStart Start { get; init; }

    /// <summary>1 to 3.</summary>
    public required int Stage { get; init; }

    public required QwenChat Chat { get; init; }

    public required IReadOnlyList<GroupRecord> Records { get; init; }

    public required GroupOptions Options { get; init; }

    /// <summary>Written beside the weights.</summary>
    public required EasyRefConfig Config { get; init; }

    /// <summary>Of low-rank changes that begin with this stage; the first has none.</summary>
    public int Rank { get; init; } = 128;

    public GroupAggregation Aggregation { get; init; }

    /// <summary>Gradient checkpointing.</summary>
    public bool Recompute { get; init; }

    /// <summary>How the finished weights are stored.</summary>
    public TensorType Stored { get; init; } = TensorType.F32;
}

/// <summary>Trains EasyRef by one of its three stages on a base that stays as it is (arXiv 2412.09618, section 3).</summary>
internal sealed class EasyRefStage : AdapterStage
{
    private const int PaddedTokens = 256;

    private readonly EasyRefStageSetup setup;
    private readonly EasyRefTrained trained;
    private readonly GroupBatches batches;
    private readonly GroupBatches exam;
    private readonly PatchedWeights copied;
    private readonly PatchedWeights changed;

    public EasyRefStage(EasyRefStageSetup setup)
        : base(setup.Model, setup.Recompute)
    {
        this.setup = setup;
        trained = new(setup.Start.Network, Model.UNet, setup.Stage, setup.Stage == 1 ? null : setup.Rank, setup.Start.LowRank, setup.Options.Seed);
        var encoder = new PictureEncoder(Model);
        batches = Batches(setup.Options);
        exam = Batches(setup.Options with { Seed = ExamSeed });
        (copied, changed) = (new(Model), new(Model));
        if (setup.Start.Copy is { } copy)
        {
            copied.Apply(new ScaledPatch(copy));
        }

        GroupBatches Batches(GroupOptions options) => new(
            setup.Records, encoder, setup.Chat, options, setup.Aggregation, Denoising.Process.Timesteps, setup.Stage == 3 ? null : PaddedTokens);
    }

    public override string Name => $"{EasyRefMethod.Name}-{setup.Stage.ToString(CultureInfo.InvariantCulture)}";

    public override Module Networks => trained;

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["seed"] = setup.Options.Seed.ToString(CultureInfo.InvariantCulture),
        ["size"] = setup.Options.Side.ToString(CultureInfo.InvariantCulture),
        ["aggregation"] = setup.Aggregation.ToString().ToLowerInvariant(),
        ["final_attention"] = setup.Config.Attention.ToString().ToLowerInvariant(),
    };

    /// <summary>Low-rank changes are merged into the denoiser's weights step by step.</summary>
    public override int MostWorkers => setup.Stage == 1 ? base.MostWorkers : 1;

    /// <summary>What was trained and, where the stage began with one, the copy of the denoiser, by the names of published checkpoints.</summary>
    public override void Export(string folder)
    {
        changed.Remove();
        var copy = setup.Start.Copy?.Changes.OfType<NewValues>().Select(values => KeyValuePair.Create($"unet.{values.Weight}", values.Values)) ?? [];
        new ModelWriter(folder, setup.Stored).Adapter(EasyRefMethod.Name, setup.Config.ToJson(), trained.Weights().Concat(copy).ToDictionary());
    }

    protected override (DenoisingBatch Batch, ConditioningSession Session) Open(long first, int count, bool isExam)
    {
        if (trained.Patch is { } patch)
        {
            changed.Apply(new ScaledPatch(patch));    // it stays on while gradients flow back: layers may be computed again
        }

        var (batch, groups) = (isExam ? exam : batches).Make(first, count);
        using (groups)
        {
            return (batch, groups.Open(trained.Network, setup.Config.Attention, setup.Aggregation));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            changed.Dispose();
            copied.Dispose();
            setup.Start.Patch?.Dispose();
        }

        base.Dispose(disposing);
    }
}
