using System.Security.Cryptography;
using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Errors;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>One network of a model folder: a sub-folder with <c>config.json</c> and weights.</summary>
public sealed class ModelPart
{
    /// <summary>What the settings are called.</summary>
    public const string ConfigName = "config.json";

    // The names that diffusers, transformers and our adapters give to weights, without variant and ending.
    private static readonly string[] Stems = ["diffusion_pytorch_model", "model", "adapter", "pytorch_model"];

    // Full precision before half, one file before several, safetensors before pickles.
    private static readonly string[] Endings =
    [
        ".safetensors", ".safetensors.index.json", ".fp16.safetensors", ".safetensors.index.fp16.json", ".bin", ".fp16.bin",
    ];

    private ModelPart(string folder) => Folder = folder;

    public string Folder { get; }

    public string ConfigPath => Path.Combine(Folder, ConfigName);

    /// <exception cref="ModelNotFoundException">The folder or its settings are missing.</exception>
    public static ModelPart Open(string folder)
    {
        var part = new ModelPart(folder);
        return !Directory.Exists(folder)
            ? throw new ModelNotFoundException(folder, "this folder of the model is missing; copy or download the model again.")
            : !File.Exists(part.ConfigPath)
                ? throw new ModelNotFoundException(part.ConfigPath, "this file of the model is missing; copy or download it again.")
                : part;
    }

    /// <summary>The text of <c>config.json</c>.</summary>
    public string ReadConfig() => ReadText(ConfigName);

    /// <summary>The settings, for those who need a field that no record has.</summary>
    public ConfigReader Config() => ConfigReader.Parse(ReadConfig(), ConfigPath);

    /// <summary>A text file of the part.</summary>
    /// <exception cref="ModelNotFoundException">It is missing or unreadable.</exception>
    public string ReadText(string name)
    {
        var path = Path.Combine(Folder, name);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelNotFoundException(path, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>The weights, in whichever of the published layouts they are.</summary>
    /// <exception cref="ModelNotFoundException">There are none.</exception>
    /// <exception cref="InvalidCheckpointException">They are damaged.</exception>
    public TensorArchive OpenWeights()
    {
        var path = Stems.SelectMany(stem => Endings.Select(ending => Path.Combine(Folder, stem + ending))).FirstOrDefault(File.Exists)
            ?? throw new ModelNotFoundException(
                Folder, $"no weights in it; {Stems[0]}.safetensors or {Stems[1]}.safetensors is what it should hold.");
        return TensorArchive.Open(path);
    }

    /// <summary>Stands for the weights' bytes: other weights have another fingerprint.</summary>
    public string Fingerprint()
    {
        using var weights = OpenWeights();
        using var file = File.OpenRead(weights.Path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Builds a network and fills it with the part's weights; a file that does not fit fails before memory is taken.</summary>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape.</exception>
    public T Load<T>(Func<T> build, KeyMap? keys = null)
        where T : Module
    {
        using var weights = OpenWeights();
        return Checkpoint.Load(build, weights, keys);
    }
}
