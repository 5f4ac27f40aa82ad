using Dramatis.Configs;
using Dramatis.Methods.MsDiffusion;
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
    private const int NamedOrders = 48;

    private readonly BaseStageSetup setup;
    private readonly ClipTokenizer tokenizer = ToyboxSizes.Tokenizer();
    private readonly BaseNetworks networks;
    private readonly BaseBatchMaker batches;
    private readonly BatchesAhead? ahead;
    private readonly ToyboxBench bench;
    private readonly IReadOnlyList<ToyboxOrder> exam;

    public BaseStage(BaseStageSetup setup)
    {
        this.setup = setup;
        var process = new ForwardProcess(ToyboxSizes.Scheduler);
        var side = setup.Configs.Vision.Side;
        networks = new BaseNetworks(setup.Configs, process);
        if (setup.Start is { } start)
        {
            networks.LoadFrom(start);
        }

        NetworkHome.Move(networks, setup.Device);
        NetworkHome.Move(setup.Vae, setup.Device);

        var orders = new BaseOrderMaker(setup.Pool, new(setup.Bank, setup.Backgrounds, onClutter: setup.Recipe.BusyReferences), setup.Recipe, setup.Seed, side);
        batches = new BaseBatchMaker(
            orders,
            setup.Pool,
            setup.Recipe,
            tokenizer.EncodeUnpadded,
            new(setup.Seed, process.Timesteps, tokenizer.Options.MaxLength, tokenizer.PaddingId, side));
        ahead = setup.Device.type == DeviceType.CPU ? null : new(batches);
        bench = new ToyboxBench(setup.Bank, ExamSeed, setup.Scenes);
        var orderMaker = new ToyboxOrders(setup.Bank, ExamSeed, new() { ReferenceSide = side, Scenes = setup.Scenes });
        exam = [.. orderMaker.Make(ExamSubjects, ExamOrders), .. orderMaker.MakeByName(NamedOrders)];
    }

    public override string Name => "base";

    public override Module Networks => networks;

    /// <summary>Threads share the cores of a processor; another device is kept busy by one.</summary>
    public override int MostWorkers => setup.Device.type == DeviceType.CPU ? base.MostWorkers : 1;

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var draws = setup.Recipe.Draws;
        var (first, count) = (share.First / draws, share.Count / draws);
        var made = ahead?.Make(first, count, share.Step.Progress) ?? batches.Make(first, count, share.Step.Progress);
        using var references = made.ToReferences(setup.Device);
        return networks.forward(made.ToBatch(device: setup.Device), references);
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
        var oneStep = ToyboxFigures.Of([.. exam.Zip(painter.Paint(exam, steps: 1), bench.Judge)]);
        figures["small_subject_error"] = bySize[..(bySize.Length / 2)].Average();
        figures["large_subject_error"] = bySize[(bySize.Length / 2)..].Average();
        figures["one_step_right_subject"] = oneStep.RightSubject!.Value.Value;
        figures["one_step_by_name_top5"] = oneStep.ByNameTop5!.Value.Value;
        figures["text_dimensions"] = TextDimensions();
        return figures;
    }

    // Of the names of the exam: (Σ λ)² / Σ λ² of the variances λ along the principal directions of their states.
    private double TextDimensions()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var phrases = exam.Select(order => order.Named?.Phrase).OfType<string>().Select(tokenizer.EncodeUnpadded).ToArray();
        var states = networks.TextEncoder.forward(TokenIds.Padded(phrases, tokenizer.PaddingId, setup.Device)).Pooled;    // (N, P)
        var variances = linalg.svdvals(states - states.mean([0], keepdim: true)).square();
        return (variances.sum().square() / variances.square().sum()).item<float>();
    }

    public override void Export(string folder)
    {
        var writer = new ModelWriter(folder);
        writer.Network(ModelNetwork.UNet, networks.UNet.Config.ToJson(), networks.UNet);
        writer.Network(ModelNetwork.Vae, setup.Vae.Config.ToJson(), setup.Vae);
        writer.Network(ModelNetwork.TextEncoder, networks.TextEncoder.Config.ToJson(), networks.TextEncoder);
        writer.Network(ModelNetwork.ImageEncoder, networks.ImageEncoder.Config.ToJson(), networks.ImageEncoder);
        writer.Adapter(MsDiffusionMethod.Name, networks.Adapter.Config.ToJson(), networks.Adapter);
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
}
