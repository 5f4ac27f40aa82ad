using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;
using Dramatis.Training.IpAdapter;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>What a training of an IP-Adapter on scenes works with.</summary>
internal sealed record IpSceneSetup
{
    public required SubjectBank Bank { get; init; }

    public required Backgrounds Backgrounds { get; init; }

    /// <summary>Scenes with their latents. Belongs to the source.</summary>
    public required LatentPool Pool { get; init; }

    /// <summary>Belongs to the caller.</summary>
    public required BaseModel Model { get; init; }

    /// <summary>Belongs to the caller.</summary>
    public required ClipVisionEncoder Vision { get; init; }

    public required IpAdapterConfig Adapter { get; init; }

    /// <summary>Scenes of the size that the model paints.</summary>
    public required SceneOptions Look { get; init; }

    public required ulong Seed { get; init; }
}

/// <summary>Samples from scenes that are put together of subjects: each subject's reference acts in its place.</summary>
internal sealed class IpSceneSource : IIpSource
{
    private const uint Drops = 0x1BAD;
    private const int ExamOrders = 24;
    private const int ExamSubjects = 2;
    private const int SheetColumns = 8;

    // Drops are drawn here: with them the places stay, and only what is shown in them goes.
    private static readonly BaseRecipe Recipe = new()
    {
        TextDropped = 0,
        ReferencesDropped = 0,
        NameOnly = 0,
        NamedOrders = 0,
        Noisiest = (.2, .2),
    };

    private readonly IpSceneSetup setup;
    private readonly ReferenceEncoder references;
    private readonly BaseBatchMaker training;
    private readonly BaseBatchMaker exam;
    private readonly ToyboxBench bench;
    private readonly IReadOnlyList<ToyboxOrder> orders;
    private readonly Tensor nothing;    // (1, ...)
    private readonly Tensor noText;     // (L, E)

    public IpSceneSource(IpSceneSetup setup)
    {
        this.setup = setup;
        references = new(setup.Vision, setup.Adapter);
        training = Batches(setup.Seed);
        exam = Batches(TrainingStage.ExamSeed);
        bench = new ToyboxBench(setup.Bank, TrainingStage.ExamSeed, setup.Look);
        orders = new ToyboxOrders(setup.Bank, TrainingStage.ExamSeed, new() { ReferenceSide = setup.Vision.Config.Side, Scenes = setup.Look }).Make(ExamSubjects, ExamOrders);
        using var off = no_grad();
        nothing = references.EncodeNothing(1).DetachFromDisposeScope();
        noText = new PictureEncoder(setup.Model).Text("").Text.DetachFromDisposeScope();
    }

    public IpInputs Make(long first, int count) => Make(training, first, count, item => ConditionDrops.From(new StableRandom(setup.Seed, item, Drops).NextDouble()));

    public IpInputs MakeExam(long first, int count) => Make(exam, first, count, _ => default);

    /// <summary>Paints held-out subjects and asks the judge of the bench.</summary>
    public IReadOnlyDictionary<string, double> Judge(Func<IpPreview, IReadOnlyList<Picture>> paint, string sheet)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var tokenizer = setup.Model.Tokenizer;
        var casts = orders.Select(order => new IpCast(
            references.Encode([.. order.Subjects.Select(subject => subject.Reference)]), [.. order.Subjects.Select(subject => subject.Place)], IsDropped: false));
        using var shown = IpReferences.Of(nothing, [.. casts], setup.Look.Side);
        var painted = paint(new(
            setup.Model.ReadText(TokenIds.Of([.. orders.Select(order => tokenizer.Encode(order.Prompt))]), null).Text,
            null,
            shown,
            setup.Look.Side,
            [.. orders.Select(order => order.Seed)]));
        PictureWriter.WritePng(sheet, ToyboxSheet.Of(orders, painted, SheetColumns));
        return ToyboxFigures.Of([.. orders.Zip(painted, bench.Judge)]).ValuesOf(
            ToyboxFigure.RightSubject, ToyboxFigure.RightSubjectTop5, ToyboxFigure.SubjectError, ToyboxFigure.Scene);
    }

    public void Dispose()
    {
        setup.Pool.Dispose();
        nothing.Dispose();
        noText.Dispose();
    }

    private BaseBatchMaker Batches(ulong seed)
    {
        var tokenizer = setup.Model.Tokenizer;
        var side = setup.Vision.Config.Side;
        return new(
            new(setup.Pool, setup.Bank, new(setup.Bank, setup.Backgrounds), Recipe, seed, side),
            setup.Pool,
            Recipe,
            tokenizer,
            new(seed, new NoiseLevels(setup.Model.Scheduler).Alphas.Count, tokenizer.Options.MaxLength, tokenizer.PaddingId, side));
    }

    private IpInputs Make(BaseBatchMaker batches, long first, int count, Func<long, ConditionDrops> drop)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var drops = Enumerable.Range(0, count).Select(i => drop(first + i)).ToArray();
        var batch = batches.Make(first, count, progress: 1);
        var text = setup.Model.ReadText(batch.Ids(), null).Text;
        var casts = batch.Orders.Select((order, row) => new IpCast(Features(order), [.. order.Cast.Select(subject => subject.Place)], drops[row].Images));
        return new(
            batch.ToBatch(stack([.. drops.Select((dropped, row) => dropped.Text ? noText : text[row])])),
            IpReferences.Of(nothing, [.. casts], setup.Look.Side));
    }

    private Tensor Features(BaseOrder order) => order.Cast.Count == 0
        ? nothing[..0]
        : references.Encode([.. order.Cast.SelectMany(subject => subject.Reference)]);
}
