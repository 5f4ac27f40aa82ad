using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;

namespace Dramatis.Weights;

/// <summary>A base model in the layout of diffusers: <c>model_index.json</c> and a sub-folder for each part. Parts open when asked for.</summary>
/// <remarks>Adapters for it may lie in <c>adapters/METHOD</c>.</remarks>
public sealed class ModelFolder
{
    /// <summary>The file that makes a folder a model.</summary>
    public const string IndexName = "model_index.json";

    private const string AdaptersName = "adapters";

    private ModelFolder(string folder, ConfigReader index)
    {
        Path = folder;
        Index = index;
    }

    public string Path { get; }

    /// <summary><c>model_index.json</c>.</summary>
    public ConfigReader Index { get; }

    /// <summary>The methods that the folder has an adapter for, by name.</summary>
    public IReadOnlyList<string> Adapters => Directory.Exists(PathOf(AdaptersName))
        ? [.. Directory.EnumerateDirectories(PathOf(AdaptersName)).Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
        : [];

    /// <exception cref="ModelNotFoundException">There is no such folder, or it is no model.</exception>
    /// <exception cref="InvalidConfigException">Its index is malformed.</exception>
    public static ModelFolder Open(string folder)
    {
        var index = System.IO.Path.Combine(folder, IndexName);
        if (!Directory.Exists(folder))
        {
            throw new ModelNotFoundException(folder, "there is no such folder; give the folder of a model, with its model_index.json.");
        }

        return File.Exists(index)
            ? new(folder, ConfigReader.Parse(File.ReadAllText(index), index))
            : throw new ModelNotFoundException(folder, $"is not a model: it has no {IndexName}. Give the folder that holds that file.");
    }

    /// <summary>Whether the model has a part.</summary>
    public bool Has(string part) => Directory.Exists(PathOf(part));

    /// <summary>A file or folder of the model.</summary>
    public string PathOf(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>A part by its name.</summary>
    /// <exception cref="ModelNotFoundException">It is missing.</exception>
    public ModelPart Part(string name) => ModelPart.Open(PathOf(name));

    /// <summary>The weights and settings of a method.</summary>
    /// <exception cref="ModelNotFoundException">The folder has no adapter for it; the message names those it has.</exception>
    public ModelPart Adapter(string method)
    {
        if (!Adapters.Contains(method))
        {
            var others = Adapters.Count == 0 ? "it has none" : $"it has {string.Join(", ", Adapters)}";
            throw new ModelNotFoundException(Path, $"this model has no adapter for '{method}'; {others}.");
        }

        return ModelPart.Open(PathOf(AdaptersName, method));
    }

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
    public ClipVisionEncoder LoadImageEncoder()
    {
        var part = Part("image_encoder");
        var config = ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return part.Load(() => new ClipVisionEncoder(config), ClipKeys.Published);
    }
}
