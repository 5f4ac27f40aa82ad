using System.Diagnostics;
using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Tokenizers;

namespace Dramatis.Weights;

/// <summary>A base model in one file, with the names of the original latent diffusion code. Settings come from a folder, or are those of its family.</summary>
internal sealed class SingleFile
{
    private readonly ModelLoading loading;
    private readonly SingleFileLayout layout;

    private SingleFile(string path, ModelLoading loading, SingleFileLayout layout)
    {
        Path = path;
        this.loading = loading;
        this.layout = layout;
    }

    public string Path { get; }

    public ModelFamily Family => layout.Family;

    public SchedulerConfig Scheduler => Family.Scheduler;

    /// <exception cref="InvalidCheckpointException">The file is damaged, or no model in one file.</exception>
    /// <exception cref="WeightMismatchException">It holds tensors that belong to no part of a model.</exception>
    public static SingleFile Open(string path, ModelLoading loading)
    {
        using var archive = TensorArchive.Open(path);
        var layout = SingleFileLayout.Of(archive) ?? throw new InvalidCheckpointException(path, NoModel(archive));
        return layout.Unknown(archive) is { Count: > 0 } unknown
            ? throw new WeightMismatchException(path, [], unknown, [])
            : new(path, loading, layout);
    }

    /// <summary>Whether the family has such a network.</summary>
    public bool Has(ModelNetwork network) => layout.PrefixOf(network) is not null;

    /// <summary>One of the networks.</summary>
    /// <exception cref="ModelNotFoundException">The file lacks it.</exception>
    /// <param name="how">How its weights are read.</param>
    public ModelPart Part(ModelNetwork network, ModelLoading how)
    {
        var prefix = layout.PrefixOf(network)!;
        using var archive = TensorArchive.Open(Path);
        if (!archive.Tensors.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            throw new ModelNotFoundException(
                Path, $"holds no {network.Name()} (no tensor named {prefix}*): only a part of a model was saved. Use the whole file.");
        }

        var config = loading.Configs is null ? null : ModelPart.Open(System.IO.Path.Combine(loading.Configs, network.Name()));
        var json = config?.ReadConfig() ?? Settings(network);
        var source = config?.ConfigPath ?? $"{Path} (as {Family.Title})";
        return ModelPart.InFile(Path, prefix, Keys(network, json, source), (source, json), how);
    }

    /// <summary>The tokenizer of the family.</summary>
    /// <param name="encoder">What reads its ids.</param>
    public ClipTokenizer Tokenizer(ModelNetwork encoder) =>
        new(BpeVocabulary.Clip, new() { Padding = Family.Paddings[encoder == ModelNetwork.SecondTextEncoder ? 1 : 0] });

    private string Settings(ModelNetwork network) => network switch
    {
        ModelNetwork.UNet => Family.UNet.ToJson(),
        ModelNetwork.Vae => Family.Vae.ToJson(),
        ModelNetwork.TextEncoder => Family.TextEncoders[0].ToJson(),
        ModelNetwork.SecondTextEncoder => Family.TextEncoders[1].ToJson(),
        _ => throw new UnreachableException($"{network} is in no single file."),
    };

    private KeyMap Keys(ModelNetwork network, string json, string source) => network switch
    {
        ModelNetwork.UNet => LdmKeys.UNet(UNetConfig.Parse(json, source)),
        ModelNetwork.Vae => LdmKeys.Vae(VaeConfig.Parse(json, source)),
        ModelNetwork.TextEncoder or ModelNetwork.SecondTextEncoder =>
            layout.PrefixOf(network)!.EndsWith("model.", StringComparison.Ordinal)
                ? ClipKeys.OpenClip(ClipTextConfig.Parse(json, source))
                : ClipKeys.InSingleFile,
        _ => throw new UnreachableException($"{network} is in no single file."),
    };

    private static string NoModel(TensorArchive archive) => CheckpointKind.Of(archive) is { } kind
        ? $"is no base model in a single file, but {kind.Name}; give the file or folder of a base model."
        : $"is no base model in a single file: it has no '{SingleFileLayout.UNetPrefix}input_blocks.0.0.weight'.";
}
