using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>A base model in memory: all that text-to-image needs.</summary>
/// <remarks>For one caller at a time: who paints with it on a second thread meanwhile is told so (<see cref="InvalidOperationException"/>).</remarks>
public sealed class BaseModel : IPatchable, IDisposable
{
    private readonly Lazy<string> fingerprint;

    private BaseModel(ModelFolder folder)
    {
        Folder = folder;
        Scheduler = folder.ReadScheduler();
        Tokenizer = folder.LoadTokenizer();
        TextEncoder = folder.LoadTextEncoder();
        if (folder.Has(ModelNetwork.SecondTextEncoder))
        {
            SecondTokenizer = folder.LoadTokenizer(ModelNetwork.SecondTextEncoder);
            SecondTextEncoder = folder.LoadTextEncoder(ModelNetwork.SecondTextEncoder);
        }

        ZeroesMissingTexts = folder.ZeroesMissingTexts;
        UnknownSettings = ModelSettings.Unknown(folder);
        Vae = folder.LoadVae();
        UNet = folder.LoadUNet();
        Defaults = ModelDefaults.Of(folder, UNet.Config, Vae.Config, Scheduler);
        fingerprint = new(() => folder.Part(ModelNetwork.UNet).Fingerprint());
    }

    internal ModelFolder Folder { get; }

    /// <summary>Of its networks, and of the patches that are on them.</summary>
    internal SoleUse Use { get; } = new(typeof(BaseModel), "Give each thread a model of its own, or let an ImageGenerator take the requests in turn.");

    /// <summary>Where its networks and those of its methods compute, and in what; the autoencoder is in single precision always.</summary>
    internal Compute Compute => Folder.Loading.Compute;

    /// <summary>What is on the weights now. Painters that share a model take each other's off; each leaves its own on for its next request.</summary>
    internal PatchedWeights? Worn { get; set; }

    internal UNet UNet { get; }

    internal AutoencoderKL Vae { get; }

    internal ClipTextEncoder TextEncoder { get; }

    /// <summary>Knows the words of patches that are on the model, besides its own.</summary>
    internal ClipTokenizer Tokenizer { get; private set; }

    /// <summary>SDXL's; null for models with one text encoder.</summary>
    internal ClipTextEncoder? SecondTextEncoder { get; }

    /// <summary>Of <see cref="SecondTextEncoder"/>.</summary>
    internal ClipTokenizer? SecondTokenizer { get; private set; }

    internal SchedulerConfig Scheduler { get; }

    /// <summary>See <see cref="ModelFolder.ZeroesMissingTexts"/>.</summary>
    internal bool ZeroesMissingTexts { get; }

    /// <summary>See <see cref="ModelSettings.Unknown"/>.</summary>
    internal IReadOnlyList<(string Path, string Field)> UnknownSettings { get; }

    /// <summary>Whether the denoiser was trained for inpainting: it is shown a mask, and the picture around it, beside the noisy latents.</summary>
    public bool PaintsIntoPictures => UNet.Config.InChannels == (2 * Vae.Config.LatentChannels) + 1;

    /// <summary>What the model chooses where a request says nothing.</summary>
    public GenerationDefaults Defaults { get; }

    /// <summary>Stands for the weights of the denoiser.</summary>
    public string Fingerprint => fingerprint.Value;

    /// <summary>Loads a model folder or a single-file model.</summary>
    /// <exception cref="Errors.ModelNotFoundException">The folder or a file of it is missing.</exception>
    /// <exception cref="Errors.InvalidConfigException">Settings are malformed or ask for what does not exist here.</exception>
    /// <exception cref="Errors.InvalidCheckpointException">Weights are damaged.</exception>
    /// <exception cref="Errors.WeightMismatchException">Weights are of another network.</exception>
    /// <exception cref="Errors.DeviceUnavailableException">The machine has no such device.</exception>
    public static BaseModel Load(string path, ModelLoading? loading = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var model = new BaseModel(ModelFolder.Open(path, loading));
        if (model.Misfit() is not { } problem)
        {
            SpareMemory.GiveBack();
            return model;
        }

        model.Dispose();
        throw new Errors.InvalidConfigException(model.Folder.PathOf(ModelNetwork.UNet.Name(), ModelPart.ConfigName), problem);
    }

    /// <summary>The text context (B, L, E) of token ids (B, L) and, for models that want it, the pooled text (B, P). Gradients flow.</summary>
    /// <param name="secondIds">Of the second tokenizer.</param>
    internal (Tensor Text, Tensor? Pooled) ReadText(Tensor ids, Tensor? secondIds)
    {
        using var scope = NewDisposeScope();
        var first = TextEncoder.forward(ids);
        if (SecondTextEncoder is null)
        {
            return (first.LastHiddenState.MoveToOuterDisposeScope(), null);
        }

        var second = SecondTextEncoder.forward(secondIds!);
        return (
            cat([first.Penultimate, second.Penultimate], dim: -1).MoveToOuterDisposeScope(),
            second.Projected!.MoveToOuterDisposeScope());
    }

    UNet IPatchable.UNet => UNet;

    ClipTextEncoder IPatchable.TextEncoder => TextEncoder;

    ClipTextEncoder? IPatchable.SecondTextEncoder => SecondTextEncoder;

    ClipTokenizer IPatchable.Tokenizer => Tokenizer;

    ClipTokenizer? IPatchable.SecondTokenizer => SecondTokenizer;

    void IPatchable.Use(ClipTokenizer tokenizer, ClipTokenizer? second) => (Tokenizer, SecondTokenizer) = (tokenizer, second);

    /// <summary>Gives the weights' memory back.</summary>
    /// <exception cref="InvalidOperationException">It is being painted with.</exception>
    public void Dispose()
    {
        if (!Use.Close())
        {
            return;
        }

        Worn?.Remove();
        UNet.Dispose();
        Vae.Dispose();
        TextEncoder.Dispose();
        SecondTextEncoder?.Dispose();
    }

    // Parts that are each sound, but not of one model.
    private string? Misfit()
    {
        var width = TextEncoder.Config.Tower.Width + (SecondTextEncoder?.Config.Tower.Width ?? 0);
        var latents = Vae.Config.LatentChannels;
        return UNet.Config.InChannels != latents && !PaintsIntoPictures
            ? $"\"in_channels\" is {UNet.Config.InChannels}, but the latents have {latents}; it must be that or, for inpainting, {(2 * latents) + 1}."
            : UNet.Config.TextWidth != width
            ? $"\"cross_attention_dim\" is {UNet.Config.TextWidth}, but the text encoders are {width} wide; they are of another model."
            : UNet.Config.Added is { } added && SecondTextEncoder?.Config.Projection != added.PooledWidth
            ? $"wants a pooled text of width {added.PooledWidth} from {ModelNetwork.SecondTextEncoder.Name()}, which "
                + (SecondTextEncoder is null ? "is missing." : $"gives {SecondTextEncoder.Config.Projection}.")
            : Unknown(Tokenizer, TextEncoder) ?? (SecondTextEncoder is { } second ? Unknown(SecondTokenizer!, second) : null);
    }

    private static string? Unknown(ClipTokenizer tokenizer, ClipTextEncoder encoder) => tokenizer.LargestId >= encoder.Config.Vocabulary
        ? $"belongs to a model whose tokenizer gives ids up to {tokenizer.LargestId}, but its text encoder knows only {encoder.Config.Vocabulary}; "
            + "they are of different models."
        : null;
}
