using System.Security.Cryptography;
using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Errors;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>One network of a model: a sub-folder with <c>config.json</c> and weights, or a part of a single file.</summary>
internal sealed class ModelPart
{
    /// <summary>What the settings are called.</summary>
    public const string ConfigName = "config.json";

    private readonly StoredPart? stored;

    private ModelPart(string folder, string configPath, StoredPart? stored = null)
    {
        Folder = folder;
        ConfigPath = configPath;
        this.stored = stored;
    }

    /// <summary>Where it lies; of a part of a single file, that file.</summary>
    public string Folder { get; }

    /// <summary>How <see cref="Load{T}"/> reads the weights.</summary>
    public ModelLoading Loading { get; init; } = new();

    /// <summary>Where the settings come from, for messages.</summary>
    public string ConfigPath { get; }

    /// <exception cref="ModelNotFoundException">The folder or its settings are missing.</exception>
    public static ModelPart Open(string folder, ModelLoading? loading = null)
    {
        var part = new ModelPart(folder, Path.Combine(folder, ConfigName)) { Loading = loading ?? new() };
        return !Directory.Exists(folder)
            ? throw new ModelNotFoundException(folder, "this folder of the model is missing; copy or download the model again.")
            : !File.Exists(part.ConfigPath)
                ? throw new ModelNotFoundException(part.ConfigPath, "this file of the model is missing; copy or download it again.")
                : part;
    }

    /// <summary>A network that lies with others in one file.</summary>
    /// <param name="prefix">What stands before its names.</param>
    /// <param name="keys">The file's other names for its weights.</param>
    /// <param name="config">The text of its settings, and where that comes from.</param>
    internal static ModelPart InFile(string path, string prefix, KeyMap keys, (string Path, string Text) config, ModelLoading? loading = null) =>
        new(path, config.Path, new(prefix, keys, config.Text)) { Loading = loading ?? new() };

    /// <summary>The text of <c>config.json</c>.</summary>
    public string ReadConfig() => stored?.Config ?? ReadText(ConfigName);

    /// <summary>The settings, for those who need a field that no record has.</summary>
    public ConfigReader Config() => ConfigReader.Parse(ReadConfig(), ConfigPath);

    /// <summary>A text file of the part.</summary>
    /// <exception cref="ModelNotFoundException">It is missing or unreadable.</exception>
    public string ReadText(string name) => ConfigReader.ReadText(Path.Combine(Folder, name));

    /// <summary>The weights, in whichever of the published layouts they are.</summary>
    /// <exception cref="ModelNotFoundException">There are none.</exception>
    /// <exception cref="InvalidCheckpointException">They are damaged.</exception>
    public TensorArchive OpenWeights() => stored is null ? OpenWeights(Folder) : TensorArchive.Open(Folder);

    /// <summary>The weights of a folder that may lack settings.</summary>
    /// <exception cref="ModelNotFoundException">There are none; the message names files that may be meant.</exception>
    /// <exception cref="InvalidCheckpointException">They are damaged.</exception>
    public static TensorArchive OpenWeights(string folder) =>
        TensorArchive.Open(FindWeights(folder) ?? throw new ModelNotFoundException(folder, WeightsFolder.Problem(folder)));

    /// <summary>The file with a folder's weights, or null.</summary>
    public static string? FindWeights(string folder) => WeightsFolder.Find(folder);

    /// <summary>Stands for the weights' bytes: other weights have another fingerprint.</summary>
    public string Fingerprint()
    {
        using var weights = OpenWeights();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in weights.Files)
        {
            using var file = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Builds a network and fills it with the part's weights; a file that does not fit fails before memory is taken.</summary>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape.</exception>
    public T Load<T>(Func<T> build, KeyMap? keys = null)
        where T : Module
    {
        using var weights = OpenWeights();
        return Checkpoint.Load(build, weights, stored?.Keys ?? keys, stored?.Prefix ?? "", Loading);
    }

    private sealed record StoredPart(string Prefix, KeyMap Keys, string Config);
}
