using System.Text.Json;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Networks.Clip;
using Dramatis.Networks.ControlNet;
using Dramatis.Networks.Prior;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Tokenizers;

namespace Dramatis.Weights;

/// <summary>A base model on disk. Parts open when asked for.</summary>
/// <remarks>
/// Either the layout of diffusers, <c>model_index.json</c> and a sub-folder for each part; or a single file with the names of the
/// original latent diffusion code. Adapters for it may lie in <c>adapters/METHOD</c>, of the folder or of that with the settings.
/// </remarks>
internal sealed class ModelFolder
{
    /// <summary>The file that makes a folder a model.</summary>
    public const string IndexName = "model_index.json";

    /// <summary>The folder of adapters.</summary>
    public const string AdaptersName = "adapters";

    internal const string SchedulerName = "scheduler";

    internal const string SchedulerFile = "scheduler_config.json";

    private readonly string folder;
    private readonly SingleFile? file;
    private readonly Lazy<IReadOnlyDictionary<string, AdapterPart>> given;

    private ModelFolder(string path, string folder, ModelLoading loading, SingleFile? file = null)
    {
        Path = path;
        this.folder = folder;
        Loading = loading;
        this.file = file;
        given = new(() => Given(loading.Adapters));
    }

    /// <summary>The folder, or the single file.</summary>
    public string Path { get; }

    /// <summary>How the weights of the model, and of what is added to it for painting, are read.</summary>
    public ModelLoading Loading { get; }

    /// <summary>The methods that there is an adapter for: those given beside the model first, then those of its folder by name.</summary>
    public IReadOnlyList<string> Adapters => [.. given.Value.Keys.Concat(OwnAdapters).Distinct()];

    /// <summary>Those of its folder.</summary>
    internal IReadOnlyList<string> OwnAdapters => Directory.Exists(PathOf(AdaptersName))
        ? [.. VisibleFiles.FoldersIn(PathOf(AdaptersName)).Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The files with weights, of networks and of adapters, by folder. Of a single file there are those beside it.</summary>
    public IReadOnlyList<string> WeightFiles =>
    [
        .. VisibleFiles.FoldersIn(folder).Order(StringComparer.Ordinal).Where(path => System.IO.Path.GetFileName(path) != AdaptersName)
            .Concat(OwnAdapters.Select(name => PathOf(AdaptersName, name)))
            .Select(ModelPart.FindWeights)
            .OfType<string>(),
    ];

    /// <exception cref="ModelNotFoundException">There is no such folder or file, or it is no model.</exception>
    /// <exception cref="InvalidConfigException">Its index is malformed.</exception>
    /// <exception cref="InvalidCheckpointException">The file is damaged or no model.</exception>
    /// <exception cref="WeightMismatchException">The file holds tensors that belong to no model.</exception>
    /// <exception cref="DeviceUnavailableException">The machine has no such device.</exception>
    public static ModelFolder Open(string path, ModelLoading? loading = null)
    {
        loading ??= new();
        Devices.Check(loading.Device);
        if (File.Exists(path))
        {
            return new(path, loading.Configs ?? path, loading, SingleFile.Open(path, loading));
        }

        var index = System.IO.Path.Combine(path, IndexName);
        if (!Directory.Exists(path))
        {
            throw new ModelNotFoundException(
                path, FileProblem.NotThere(
                    path, "there is no such folder or file; give the folder of a model, with its model_index.json, or a single-file model."));
        }

        if (!File.Exists(index))
        {
            throw new ModelNotFoundException(path, $"is not a model: it has no {IndexName}. Give the folder that holds that file.");
        }

        var parts = ConfigReader.Load(index);
        RefuseRefiner(path, parts);
        RefuseOtherKinds(path, parts);
        ModelSettings.Index.Check(parts);
        return new(path, path, loading);
    }

    /// <summary>Whether the model has a network.</summary>
    public bool Has(ModelNetwork network) =>
        (network == ModelNetwork.ImageEncoder && Loading.ImageEncoder is not null) || file?.Has(network) == true || Directory.Exists(PathOf(network.Name()));

    /// <summary>A file or folder of the model.</summary>
    /// <remarks>A single file has them in the folder of its settings, if anywhere.</remarks>
    public string PathOf(params ReadOnlySpan<string> names) => System.IO.Path.Combine([folder, .. names]);

    /// <summary>A network as it is stored.</summary>
    /// <exception cref="ModelNotFoundException">It is missing.</exception>
    public ModelPart Part(ModelNetwork network) => network == ModelNetwork.ImageEncoder && Loading.ImageEncoder is { } encoder
        ? ImageEncoderFile.Part(encoder, Loading)
        : file?.Has(network) == true
        ? file.Part(network, LoadingOf(network))
        : ModelPart.Open(PathOf(network.Name()), LoadingOf(network));

    /// <summary>The settings of the schedule; a single file may have none.</summary>
    public string SchedulerPath => PathOf(SchedulerName, SchedulerFile);

    /// <summary>Whether a text that is not given is zeros for models with two text encoders, and not the empty text.</summary>
    public bool ZeroesMissingTexts =>
        !File.Exists(PathOf(IndexName)) || ConfigReader.Load(PathOf(IndexName)).Bool("force_zeros_for_empty_prompt", true);

    /// <summary>How the model's noise is scheduled.</summary>
    /// <exception cref="ModelNotFoundException">The file with it is missing.</exception>
    public SchedulerConfig ReadScheduler()
    {
        var path = SchedulerPath;
        return File.Exists(path) ? SchedulerConfig.Parse(ConfigReader.ReadText(path), path)
            : file is not null ? file.Scheduler
            : throw new ModelNotFoundException(path, "this file of the model is missing; copy or download it again.");
    }

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="encoder">What reads its ids.</param>
    public ClipTokenizer LoadTokenizer(ModelNetwork encoder = ModelNetwork.TextEncoder) =>
        PathOf(encoder.TokenizerName()) is var path && file is not null && !Directory.Exists(path) ? file.Tokenizer(encoder) : ClipTokenizer.FromFolder(path);

    /// <summary>Where a model folder has the weights of a method, from that folder.</summary>
    public static string AdapterName(string method) => $"{AdaptersName}/{method}";

    /// <summary>The weights of a method, with or without settings beside them.</summary>
    /// <exception cref="ModelNotFoundException">There is no adapter for it; the message names those there are.</exception>
    public AdapterPart Adapter(string method)
    {
        if (given.Value.TryGetValue(method, out var part))
        {
            return part;
        }

        if (!OwnAdapters.Contains(method))
        {
            var others = Adapters.Count == 0 ? "it has none" : $"it has {string.Join(", ", Adapters)}";
            throw new ModelNotFoundException(Path, $"this model has no adapter for '{method}'; {others}. Give one beside the model (--adapter).");
        }

        return new(PathOf(AdapterName(method)));
    }

    /// <summary>Whether there is an image encoder that a method's adapter reads.</summary>
    public bool HasEncoderFor(string method) => OwnEncoder(method) is not null || Has(ModelNetwork.ImageEncoder);

    /// <summary>
    /// The image encoder that a method's adapter reads: that given beside the model, one of the adapter's own, or that of the model's other methods.
    /// </summary>
    /// <exception cref="ModelNotFoundException">There is none.</exception>
    public ModelPart EncoderFor(string method) =>
        Loading.ImageEncoder is null && OwnEncoder(method) is { } own ? ImageEncoderFile.Part(own, Loading)
        : Has(ModelNetwork.ImageEncoder) ? Part(ModelNetwork.ImageEncoder)
        : throw new ModelNotFoundException(
            PathOf(ModelNetwork.ImageEncoder.Name()),
            $"is missing: {method} reads references with a CLIP vision encoder. Give one beside the model (--image-encoder).");

    /// <summary>The multimodal language model that a method's adapter reads: one of its own, or the one of the model's other methods.</summary>
    /// <exception cref="ModelNotFoundException">There is none, or it has no settings.</exception>
    public ModelPart LanguageModelFor(string method)
    {
        string[] places = [Adapter(method).LanguageModelPath, PathOf(ModelNetwork.LanguageModel.Name())];
        return Array.Find(places, Directory.Exists) is { } found ? ModelPart.Open(found, Loading) : throw new ModelNotFoundException(
            places[0], $"is missing: {method} reads references with a language model; put the folder of the one that it was trained with there.");
    }

    /// <summary>Loads the denoising network.</summary>
    public UNet LoadUNet()
    {
        var part = Part(ModelNetwork.UNet);
        var config = UNetConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new UNet(config));
    }

    /// <summary>Loads the picture autoencoder.</summary>
    public AutoencoderKL LoadVae() => LoadVae(Part(ModelNetwork.Vae));

    /// <summary>Loads a picture autoencoder that stands alone, without the rest of a model.</summary>
    public static AutoencoderKL LoadVae(ModelPart part)
    {
        var config = VaeConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new AutoencoderKL(config), VaeKeys.Published);
    }

    /// <summary>Loads a text encoder.</summary>
    public ClipTextEncoder LoadTextEncoder(ModelNetwork encoder = ModelNetwork.TextEncoder)
    {
        var part = Part(encoder);
        var config = ClipTextConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new ClipTextEncoder(config), ClipKeys.PublishedText);
    }

    /// <summary>Loads the encoder of references.</summary>
    public ClipVisionEncoder LoadImageEncoder() => LoadImageEncoder(Part(ModelNetwork.ImageEncoder));

    /// <summary>Loads an encoder of references that an adapter has for itself, or that stands alone.</summary>
    public static ClipVisionEncoder LoadImageEncoder(ModelPart part)
    {
        var config = ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new ClipVisionEncoder(config), ClipKeys.PublishedVision);
    }

    /// <summary>Loads what imagines references from words.</summary>
    public FeaturePrior LoadPrior()
    {
        var config = PriorConfig();
        return Part(ModelNetwork.Prior).Load(() => new FeaturePrior(config));
    }

    /// <summary>Whether there is a prior that also imagines what was learned: one that reads the states of words, which methods of words change.</summary>
    /// <exception cref="InvalidConfigException">Its settings are of another kind of prior.</exception>
    public bool ImaginesLearned => Has(ModelNetwork.Prior) && PriorConfig().Reads == PhraseState.Word;

    /// <summary>The numbers of the prior.</summary>
    /// <exception cref="ModelNotFoundException">There is none.</exception>
    /// <exception cref="InvalidConfigException">They are of another kind of prior.</exception>
    public FeaturePriorConfig PriorConfig()
    {
        var part = Part(ModelNetwork.Prior);
        return FeaturePriorConfig.Parse(part.ReadConfig(), part.ConfigPath);
    }

    /// <summary>Loads a ControlNet, which stands alone: a folder in the layout of diffusers, or a file in that layout or the original one.</summary>
    /// <exception cref="ModelNotFoundException">There is no such folder or file.</exception>
    /// <exception cref="InvalidCheckpointException">The file is no ControlNet, or of another base model.</exception>
    /// <param name="unet">What it is to act on; null checks nothing.</param>
    public static ControlNet LoadControlNet(string path, UNetConfig? unet = null, ModelLoading? loading = null)
    {
        var part = ControlNetPart(path, loading);
        var config = ControlNetConfig.Parse(part.ReadConfig(), part.ConfigPath);
        if (unet is not null && config.Misfit(unet) is { } problem)
        {
            throw new InvalidCheckpointException(path, problem);
        }

        return part.Load(() => new ControlNet(config));
    }

    /// <summary>A ControlNet as it is stored.</summary>
    /// <inheritdoc cref="LoadControlNet" path="/exception"/>
    public static ModelPart ControlNetPart(string path, ModelLoading? loading = null) =>
        File.Exists(path) ? ControlNetFile.Part(path, loading) : ModelPart.Open(path, loading);

    private string? OwnEncoder(string method) =>
        (given.Value.TryGetValue(method, out var part) ? part : new AdapterPart(PathOf(AdapterName(method)))).EncoderPath is var path && Directory.Exists(path)
            ? path
            : null;

    private static Dictionary<string, AdapterPart> Given(IReadOnlyList<string> paths)
    {
        var adapters = new Dictionary<string, AdapterPart>();
        foreach (var part in paths.Select(path => new AdapterPart(path)))
        {
            if (part.Method() is var method && !adapters.TryAdd(method, part))
            {
                throw new InvalidCheckpointException(part.Path, $"is a second adapter for {method}, beside {adapters[method].Path}; give one of the two.");
            }
        }

        return adapters;
    }

    // It has the second text encoder alone, and says that it wants a score.
    private static void RefuseRefiner(string path, ConfigReader index)
    {
        if (index.Bool("requires_aesthetics_score", false)
            || (!Directory.Exists(System.IO.Path.Combine(path, ModelNetwork.TextEncoder.Name()))
                && Directory.Exists(System.IO.Path.Combine(path, ModelNetwork.SecondTextEncoder.Name()))))
        {
            throw new InvalidConfigException(
                index.Path, "this is SDXL's refiner, which finishes pictures that another model began and is not supported; "
                    + "give SDXL's base model, which paints whole pictures by itself.");
        }
    }

    // Their networks are others, and copying the files again would not help.
    private static void RefuseOtherKinds(string path, ConfigReader index)
    {
        string[] parts = [.. index.Fields.Where(field => index.Json(field) is { ValueKind: JsonValueKind.Array } item
            && item.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))];
        var unet = ModelNetwork.UNet.Name();
        var isOurs = index.Text("_class_name", "").StartsWith("StableDiffusion", StringComparison.Ordinal) && !parts.Contains("transformer");
        if (parts.Length > 0 && !isOurs && !parts.Contains(unet) && !Directory.Exists(System.IO.Path.Combine(path, unet)))
        {
            throw new InvalidConfigException(
                index.Path, $"this is a model of another kind, {index.Text("_class_name", "which it does not name")}, made of {string.Join(", ", parts)}, which is "
                    + "not supported. Give a model with a UNet: Stable Diffusion 1.x or 2.x, or SDXL.");
        }
    }

    private ModelLoading LoadingOf(ModelNetwork network) => network is ModelNetwork.Vae or ModelNetwork.Prior ? Loading with { Precision = Precision.Fp32 } : Loading;
}
