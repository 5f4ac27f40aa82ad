using Dramatis.Configs;
using Dramatis.Methods.FastComposer;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Prior;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>What the base training works with.</summary>
internal sealed record BaseStageSetup
{
    public required SubjectBank Bank { get; init; }

    public required Backgrounds Backgrounds { get; init; }

    /// <summary>Scenes with their latents.</summary>
    public required LatentPool Pool { get; init; }

    /// <summary>Belongs to the caller; it is used, not trained.</summary>
    public required AutoencoderKL Vae { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Model folder whose networks are the start, those that it has; null starts with random weights.</summary>
    public string? Start { get; init; }

    /// <summary>Whether the text encoder stays as the start has it.</summary>
    public bool KeepsText { get; init; }

    /// <summary>Whether the image encoder stays as the start has it, and with it what a prior has learned to imagine.</summary>
    public bool KeepsImages { get; init; }

    public BaseRecipe Recipe { get; init; } = new();

    public BaseConfigs Configs { get; init; } = ToyboxSizes.Base;

    /// <summary>What is computed on. The autoencoder goes there too.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>The scenes that the pool holds and that evaluations are about.</summary>
    public SceneOptions Scenes { get; init; } = new();
}

/// <summary>Trains denoiser, both encoders and adapter of the embedded model together, on latents that were made before.</summary>
internal sealed class BaseStage : TrainingStage
{
    private const int ExamOrders = 32;
    private const int ExamSubjects = 2;
    private const int SheetColumns = 8;
    private const int NamedOrders = 24;
    private const int ShownOrders = 16;

    private readonly BaseStageSetup setup;
    private readonly ClipTokenizer tokenizer = ToyboxSizes.Tokenizer();
    private readonly BaseNetworks networks;
    private readonly Func<long, int, double, BaseBatch> batches;
    private readonly Frozen kept;
    private readonly ToyboxBench bench;
    private readonly IReadOnlyList<ToyboxOrder> exam;
    private readonly IReadOnlyList<ToyboxOrder> placedNames;

    public BaseStage(BaseStageSetup setup)
    {
        this.setup = setup;
        var process = new ForwardProcess(ToyboxSizes.Scheduler);
        var side = setup.Configs.Vision.Side;
        networks = new BaseNetworks(setup.Configs, process, setup.Recipe, setup.Vae);
        if (setup.Start is { } start)
        {
            networks.LoadFrom(start);
        }

        (bool Keeps, Module Network)[] encoders = [(setup.KeepsText, networks.TextEncoder), (setup.KeepsImages, networks.ImageEncoder)];
        kept = Frozen.Take(encoders.Where(encoder => encoder.Keeps).Select(encoder => encoder.Network));

        NetworkHome.Move(networks, setup.Device);
        NetworkHome.Move(setup.Vae, setup.Device);

        var references = new ReferenceMaker(setup.Bank, setup.Backgrounds, onClutter: setup.Recipe.BusyReferences);
        var orders = new BaseOrderMaker(setup.Pool, setup.Bank, references, setup.Recipe, setup.Seed, side);
        var shape = new BaseBatchShape(setup.Seed, process.Timesteps, tokenizer.Options.MaxLength, tokenizer.PaddingId, side);
        batches = BatchesAhead.For(setup.Device, new BaseBatchMaker(orders, setup.Pool, setup.Recipe, tokenizer, shape).Make);
        bench = new ToyboxBench(setup.Bank, ExamSeed, setup.Scenes);
        var orderMaker = new ToyboxOrders(setup.Bank, ExamSeed, new() { ReferenceSide = side, Scenes = setup.Scenes });
        exam = [.. orderMaker.Make(ExamSubjects, ExamOrders), .. orderMaker.MakeByName(NamedOrders)];
        placedNames = new ToyboxOrders(setup.Bank, ExamSeed, new() { ReferenceSide = side, Scenes = setup.Scenes, Split = SubjectSplit.Seen, OnlyCommon = true })
            .Make(1, NamedOrders);
    }

    public override string Name => "base";

    public override Module Networks => networks;

    /// <summary>Threads share the cores of a processor; another device is kept busy by one.</summary>
    public override int MostWorkers => setup.Device.type == DeviceType.CPU ? base.MostWorkers : 1;

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var draws = setup.Recipe.Draws;
        var made = batches(share.First / draws, share.Count / draws, share.Step.Progress);
        using var references = made.ToReferences(setup.Device);
        using var words = made.ToWords(setup.Device);
        return networks.forward(made.ToBatch(device: setup.Device), references, words);
    }

    /// <summary>Paints held-out subjects from references, and common ones by name, and asks the judge of the bench.</summary>
    /// <remarks>Beside the figures of the bench: the errors of the smaller and the larger half of the places; the rates of one step, which come long before those of a whole painting; and how many directions the states of names have.</remarks>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        var painter = new BasePainter(networks, tokenizer, setup.Vae, setup.Scenes.Side);
        var painted = painter.Paint(exam);
        PictureWriter.WritePng(Path.Combine(folder, $"base-{step.Index:D6}.png"), ToyboxSheet.Of(exam, painted, SheetColumns));
        JudgedPicture[] judged = [.. exam.Zip(painted, bench.Judge)];
        var figures = ToyboxFigures.Of(judged).ValuesOf(
            ToyboxFigure.RightSubject,
            ToyboxFigure.RightSubjectTop5,
            ToyboxFigure.SubjectError,
            ToyboxFigure.EdgesKept,
            ToyboxFigure.Scene,
            ToyboxFigure.ByName,
            ToyboxFigure.ByNameTop5);
        double[] bySize = [.. judged.SelectMany(picture => picture.Order.Subjects.Zip(picture.Places))
            .OrderBy(place => place.First.Place.Width * place.First.Place.Height).Select(place => place.Second.Error!.Value)];
        var oneStep = Judge(exam, painter.Paint(exam, steps: 1));
        figures["small_subject_error"] = bySize[..(bySize.Length / 2)].Average();
        figures["large_subject_error"] = bySize[(bySize.Length / 2)..].Average();
        figures["one_step_right_subject"] = oneStep.RightSubject!.Value.Value;
        figures["one_step_by_name_top5"] = oneStep.ByNameTop5!.Value.Value;
        figures["text_dimensions"] = TextDimensions();
        if (networks.Adapter.Collage is not null)
        {
            var tokens = Judge(exam, painter.Paint(exam, ToldBy.Tokens));
            figures["tokens_right_subject"] = tokens.RightSubject!.Value.Value;
            figures["tokens_subject_error"] = tokens.SubjectError!.Value.Value;
        }

        if (networks.Postfuse is not null)
        {
            AddWords(figures, painter, Path.Combine(folder, $"words-{step.Index:D6}.png"));
        }

        return figures;
    }

    // Names held in places, and pictures of held-out subjects in the place of words.
    private void AddWords(Dictionary<string, double> figures, BasePainter painter, string sheet)
    {
        ToyboxOrder[] shown = [.. exam.Take(ShownOrders)];
        var (byName, byPicture) = (painter.Paint(placedNames, ToldBy.Words), painter.Paint(shown, ToldBy.ShownWords));
        PictureWriter.WritePng(sheet, ToyboxSheet.Of([.. placedNames, .. shown], [.. byName, .. byPicture], SheetColumns));
        Add("named_at_place", Judge(placedNames, byName));
        Add("shown", Judge(shown, byPicture));
        Add("one_step_named_at_place", Judge(placedNames, painter.Paint(placedNames, ToldBy.Words, steps: 1)));
        Add("one_step_shown", Judge(shown, painter.Paint(shown, ToldBy.ShownWords, steps: 1)));

        void Add(string name, ToyboxFigures judged)
        {
            figures[$"{name}_right"] = judged.RightSubject!.Value.Value;
            figures[$"{name}_top5"] = judged.RightSubjectTop5!.Value.Value;
            figures[$"{name}_error"] = judged.SubjectError!.Value.Value;
        }
    }

    private ToyboxFigures Judge(IReadOnlyList<ToyboxOrder> orders, IReadOnlyList<Picture> pictures) => ToyboxFigures.Of([.. orders.Zip(pictures, bench.Judge)]);

    // Of what the denoiser reads of the exam's names.
    private double TextDimensions()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var names = exam.Select(order => order.Named?.Phrase).OfType<string>().Select(tokenizer.EncodeUnpadded).ToArray();
        return EffectiveDimensions.Of(PhraseStates.Of(networks.TextEncoder, names, tokenizer.PaddingId, PhraseState.Word, setup.Device));
    }

    public override void Export(string folder)
    {
        var writer = new ModelWriter(folder);
        networks.WriteTo(writer);
        writer.Network(ModelNetwork.Vae, setup.Vae.Config.ToJson(), setup.Vae);
        if (networks.Postfuse is { } postfuse)
        {
            var weights = postfuse.state_dict().ToDictionary(item => FastComposerFile.PostfusePrefix + item.Key, item => item.Value);
            writer.Adapter(FastComposerMethod.Name, ToyboxSizes.FastComposer.ToJson(), weights);
        }

        writer.Tokenizer(ModelNetwork.TextEncoder, tokenizer);
        writer.Scheduler(ToyboxSizes.Scheduler);
        writer.Text("", "generation_config.json", ConfigWriter.Write(
            ("guidance", ToyboxSizes.Guidance), ("guidance_rescale", ToyboxSizes.GuidanceRescale), ("method", MsDiffusionMethod.Name), ("steps", ToyboxSizes.Steps)));
        writer.Index(
            "StableDiffusionPipeline",
            (ModelNetwork.ImageEncoder.Name(), "transformers", "CLIPVisionModelWithProjection"),
            (ModelFolder.SchedulerName, "diffusers", "DDIMScheduler"),
            (ModelNetwork.TextEncoder.Name(), "transformers", "CLIPTextModel"),
            ("tokenizer", "transformers", "CLIPTokenizer"),
            (ModelNetwork.UNet.Name(), "diffusers", "UNet2DConditionModel"),
            (ModelNetwork.Vae.Name(), "diffusers", "AutoencoderKL"));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            kept.Dispose();
        }

        base.Dispose(disposing);
    }
}
