using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Networks.ControlNet;
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
public sealed class ModelFolder
{
    /// <summary>The file that makes a folder a model.</summary>
    public const string IndexName = "model_index.json";

    /// <summary>The folder of adapters.</summary>
    public const string AdaptersName = "adapters";

    private const string EncoderName = "image_encoder";

    private readonly string folder;
    private readonly SingleFile? file;

    private ModelFolder(string path, string folder, ModelLoading loading, SingleFile? file = null)
    {
        Path = path;
        this.folder = folder;
        Loading = loading;
        this.file = file;
    }

    /// <summary>The folder, or the single file.</summary>
    public string Path { get; }

    /// <summary>How the weights of the model, and of what is added to it for painting, are read.</summary>
    public ModelLoading Loading { get; }

    /// <summary>The methods that the folder has an adapter for, by name.</summary>
    public IReadOnlyList<string> Adapters => Directory.Exists(PathOf(AdaptersName))
        ? [.. Directory.EnumerateDirectories(PathOf(AdaptersName)).Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The files with weights, of networks and of adapters, by folder. Of a single file there are those beside it.</summary>
    public IReadOnlyList<string> WeightFiles =>
    [
        .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Where(path => System.IO.Path.GetFileName(path) != AdaptersName)
            .Concat(Adapters.Select(name => PathOf(AdaptersName, name)))
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
            throw new ModelNotFoundException(path, "there is no such folder or file; give the folder of a model, with its model_index.json, or a single-file model.");
        }

        if (!File.Exists(index))
        {
            throw new ModelNotFoundException(path, $"is not a model: it has no {IndexName}. Give the folder that holds that file.");
        }

        _ = ConfigReader.Load(index);
        return new(path, path, loading);
    }

    /// <summary>Whether the model has a part.</summary>
    public bool Has(string part) => file?.Has(part) == true || Directory.Exists(PathOf(part));

    /// <summary>A file or folder of the model.</summary>
    /// <remarks>A single file has them in the folder of its settings, if anywhere.</remarks>
    public string PathOf(params ReadOnlySpan<string> names) => System.IO.Path.Combine([folder, .. names]);

    /// <summary>A part by its name.</summary>
    /// <exception cref="ModelNotFoundException">It is missing.</exception>
    public ModelPart Part(string name) => file?.Has(name) == true ? file.Part(name, LoadingOf(name)) : ModelPart.Open(PathOf(name), LoadingOf(name));

    /// <summary>How the model's noise is scheduled.</summary>
    /// <exception cref="ModelNotFoundException">The file with it is missing.</exception>
    public SchedulerConfig ReadScheduler()
    {
        var path = PathOf("scheduler", "scheduler_config.json");
        return File.Exists(path) ? SchedulerConfig.Parse(ConfigReader.ReadText(path), path)
            : file is not null ? file.Scheduler
            : throw new ModelNotFoundException(path, "this file of the model is missing; copy or download it again.");
    }

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="name">The second one of SDXL is <c>tokenizer_2</c>.</param>
    public ClipTokenizer LoadTokenizer(string name = "tokenizer") =>
        file is not null && !Directory.Exists(PathOf(name)) ? file.Tokenizer(name) : ClipTokenizer.FromFolder(PathOf(name));

    /// <summary>The weights and settings of a method.</summary>
    /// <exception cref="ModelNotFoundException">The folder has no adapter for it; the message names those it has.</exception>
    public ModelPart Adapter(string method) => ModelPart.Open(AdapterPath(method), Loading);

    /// <summary>The folder of a method's weights, with or without settings beside them.</summary>
    /// <exception cref="ModelNotFoundException">There is none; the message names those there are.</exception>
    public string AdapterPath(string method)
    {
        if (!Adapters.Contains(method))
        {
            var others = Adapters.Count == 0 ? "it has none" : $"it has {string.Join(", ", Adapters)}";
            throw new ModelNotFoundException(Path, $"this model has no adapter for '{method}'; {others}.");
        }

        return PathOf(AdaptersName, method);
    }

    /// <summary>The part with the image encoder that a method's adapter reads: one of its own, or the one of the model's other methods.</summary>
    public string EncoderFor(string method) =>
        System.IO.Path.Combine(AdaptersName, method, EncoderName) is var own && Has(own) ? own : EncoderName;

    /// <summary>Loads the denoising network.</summary>
    public UNet LoadUNet()
    {
        var part = Part("unet");
        var config = UNetConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new UNet(config));
    }

    /// <summary>Loads the picture autoencoder.</summary>
    public AutoencoderKL LoadVae() => LoadVae(Part("vae"));

    /// <summary>Loads a picture autoencoder that stands alone, without the rest of a model.</summary>
    public static AutoencoderKL LoadVae(ModelPart part)
    {
        var config = VaeConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new AutoencoderKL(config), VaeKeys.Published);
    }

    /// <summary>Loads a text encoder.</summary>
    /// <param name="name">The second one of SDXL is <c>text_encoder_2</c>.</param>
    public ClipTextEncoder LoadTextEncoder(string name = "text_encoder")
    {
        var part = Part(name);
        var config = ClipTextConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new ClipTextEncoder(config), ClipKeys.Published);
    }

    /// <summary>Loads the encoder of references.</summary>
    /// <param name="name">An adapter may have one of its own.</param>
    public ClipVisionEncoder LoadImageEncoder(string name = EncoderName)
    {
        var part = Part(name);
        var config = ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new ClipVisionEncoder(config), ClipKeys.Published);
    }

    /// <summary>Loads a ControlNet, which stands alone: a folder in the layout of diffusers, or a file in that layout or the original one.</summary>
    /// <exception cref="ModelNotFoundException">There is no such folder or file.</exception>
    /// <exception cref="InvalidCheckpointException">The file is no ControlNet, or of another base model.</exception>
    /// <param name="unet">What it is to act on; null checks nothing.</param>
    public static ControlNet LoadControlNet(string path, UNetConfig? unet = null, ModelLoading? loading = null)
    {
        var part = File.Exists(path) ? ControlNetFile.Part(path, loading) : ModelPart.Open(path, loading);
        var config = ControlNetConfig.Parse(part.ReadConfig(), part.ConfigPath);
        if (unet is not null && config.Misfit(unet) is { } problem)
        {
            throw new InvalidCheckpointException(path, problem);
        }

        return part.Load(() => new ControlNet(config));
    }

    private ModelLoading LoadingOf(string part) => part == "vae" ? Loading with { Precision = Precision.Fp32 } : Loading;
}
