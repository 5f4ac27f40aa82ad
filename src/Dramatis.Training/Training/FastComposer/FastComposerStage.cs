using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Methods.FastComposer;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.FastComposer;

/// <summary>What a training of FastComposer works with.</summary>
internal sealed record FastComposerStageSetup
{
    /// <summary>Belongs to the caller; its denoiser is trained.</summary>
    public required BaseModel Model { get; init; }

    /// <summary>Belong to the caller.</summary>
    public required (PostfuseNetwork Postfuse, ClipVisionEncoder Vision) Networks { get; init; }

    public required IFastComposerSource Source { get; init; }

    /// <summary>Written beside the weights.</summary>
    public required FastComposerConfig Config { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Ends of the paths of the denoiser's layers that are trained; null: all of it.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>Null for none.</summary>
    public Localization? Localization { get; init; } = Localization.Released;

    /// <summary>How often a step counts only cells with subjects.</summary>
    public double MaskedShare { get; init; } = .5;

    /// <summary>Gradient checkpointing.</summary>
    public bool Recompute { get; init; }

    /// <summary>How the finished weights are stored.</summary>
    public TensorType Stored { get; init; } = TensorType.F32;
}

/// <summary>Trains fusing layers, the last layers of the image encoder and the denoiser, or some of its layers (arXiv 2305.10431, section 4).</summary>
internal sealed class FastComposerStage : TrainingStage
{
    private const uint Draws = 0xFC01;
    private const uint Masking = 0xFC02;
    private const long ExamSamples = 8;
    private const long FirstExam = long.MaxValue / 4;
    private const int SheetRows = 4;

    private readonly FastComposerStageSetup setup;
    private readonly FastComposerNetworks networks;
    private readonly DenoisingLoss denoising;
    private readonly FastComposerLoss loss;

    public FastComposerStage(FastComposerStageSetup setup)
    {
        this.setup = setup;
        var model = setup.Model;
        networks = new((model.UNet, model.TextEncoder, setup.Networks.Postfuse, setup.Networks.Vision), setup.Layers);
        denoising = new(model.UNet, new(model.Scheduler)) { Recompute = setup.Recompute };
        loss = new(networks, denoising, setup.Localization);
    }

    public override string Name => FastComposerMethod.Name;

    public override Module Networks => networks;

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var isMasked = new StableRandom(setup.Seed, share.Step.Index, Masking).Chance(setup.MaskedShare);
        return LossOf(share.First, share.Count, isMasked);
    }

    /// <summary>The loss of the same few samples with the same noise, and a sheet: pictures, what is painted of their captions and references.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        List<TrainingLoss> losses = [];
        for (var i = 0; i < ExamSamples; i++)
        {
            losses.Add(LossOf(FirstExam + i, 1, isMasked: false));
        }

        var figures = losses[0].Parts.ToDictionary(
            part => $"exam_{part.Name}", part => losses.Average(exam => (double)exam[part.Name].item<float>()));
        losses.ForEach(exam => exam.Dispose());
        PictureWriter.WritePng(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Name}-{step.Index:D6}.png")), Sheet());
        return figures;
    }

    public override void Export(string folder)
    {
        var tensors = networks.named_parameters().Where(item => networks.Tuned.Contains(item.name))
            .ToDictionary(item => item.name, item => (Tensor)item.parameter);
        new ModelWriter(folder, setup.Stored).Adapter(Name, setup.Config.ToJson(), tensors);
    }

    protected override bool OwnsNetworks => false;

    private TrainingLoss LossOf(long first, int count, bool isMasked)
    {
        using var scope = NewDisposeScope();
        FastComposerSample[] samples = [.. Enumerable.Range(0, count).Select(i => setup.Source.Sample(first + i))];
        var drawn = samples.Select((sample, i) => Draw(sample, first + i)).ToArray();
        return loss.Of(
            (stack([.. drawn.Select(item => item.Latents)]), stack([.. drawn.Select(item => item.Noise)]),
                tensor(drawn.Select(item => item.Timestep).ToArray())),
            BatchOf(samples),
            isMasked);
    }

    // Latents from the posterior, as in the reference, not its mean.
    private (Tensor Latents, Tensor Noise, long Timestep) Draw(FastComposerSample sample, long number)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var random = new StableRandom(setup.Seed, number, Draws);
        var timestep = (long)random.Below(denoising.Process.Timesteps);
        using var generator = new Generator(random.NextBits(), CPU);
        var posterior = setup.Model.Vae.Encode(sample.Pixels.unsqueeze(0));
        var latents = setup.Model.Vae.ToModel(posterior.Sample(randn(posterior.Mean.shape, generator: generator))).squeeze(0);
        return (latents.MoveToOuterDisposeScope(), randn(latents.shape, generator: generator).MoveToOuterDisposeScope(), timestep);
    }

    private static FastComposerBatch BatchOf(FastComposerSample[] samples) => new()
    {
        Ids = tensor(samples.SelectMany(sample => sample.Tokens.Ids).Select(id => (long)id).ToArray()).view(samples.Length, -1),
        Words = tensor(samples.SelectMany(sample => sample.Tokens.Words).ToArray()).view(samples.Length, -1),
        Objects = stack([.. samples.Select(sample => sample.ObjectPixels)]),
        Masks = stack([.. samples.Select(sample => sample.ObjectMasks)]),
        Counts = [.. samples.Select(sample => sample.Count)],
    };

    private Picture Sheet()
    {
        using var scope = NewDisposeScope();
        var model = setup.Model;
        FastComposerSample[] samples = [.. Enumerable.Range(0, SheetRows).Select(i => setup.Source.Sample(FirstExam + i))];
        using var batch = BatchOf(samples);
        var text = networks.Condition(batch);
        var nothing = model.ReadText(TokenIds.Of([model.Tokenizer.Encode("")]), null).Text.expand(SheetRows, -1, -1);
        var painted = new LatentPainter(model.UNet, model.Vae, model.Compute).Paint(
            PreviewRun.Of(model, (int)samples[0].Pixels.shape[1], Conditioning.ConditioningSession.None),
            new(cat([nothing, text]), null),
            [.. Enumerable.Range(0, SheetRows).Select(i => setup.Seed + (ulong)i)]);
        return SampleSheet.Grid([.. samples.Zip(painted, (sample, picture) => (IReadOnlyList<Picture>)[
            .. PicturePixels.ToPictures(sample.Pixels.unsqueeze(0)),
            picture,
            .. sample.Count == 0 ? [] : PicturePixels.ToPictures((sample.ObjectPixels.narrow(0, 0, sample.Count) * 2) - 1),
        ])]);
    }
}
