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
    public bool Has(string part) => layout.PrefixOf(part) is not null;

    /// <summary>One of the networks.</summary>
    /// <exception cref="ModelNotFoundException">The file lacks it.</exception>
    /// <param name="how">How its weights are read.</param>
    public ModelPart Part(string name, ModelLoading how)
    {
        var prefix = layout.PrefixOf(name)!;
        using var archive = TensorArchive.Open(Path);
        if (!archive.Tensors.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            throw new ModelNotFoundException(Path, $"holds no {name} (no tensor named {prefix}*): only a part of a model was saved. Use the whole file.");
        }

        var config = loading.Configs is null ? null : ModelPart.Open(System.IO.Path.Combine(loading.Configs, name));
        var json = config?.ReadConfig() ?? Settings(name);
        var source = config?.ConfigPath ?? $"{Path} (as {Family.Title})";
        return ModelPart.InFile(Path, prefix, Keys(name, json, source), (source, json), how);
    }

    /// <summary>The tokenizer of the family.</summary>
    /// <param name="name"><c>tokenizer</c>, or <c>tokenizer_2</c>.</param>
    public ClipTokenizer Tokenizer(string name) =>
        new(BpeVocabulary.Clip, new() { Padding = Family.Paddings[name.EndsWith("_2", StringComparison.Ordinal) ? 1 : 0] });

    private string Settings(string part) => part switch
    {
        "unet" => Family.UNet.ToJson(),
        "vae" => Family.Vae.ToJson(),
        "text_encoder_2" => Family.TextEncoders[1].ToJson(),
        _ => Family.TextEncoders[0].ToJson(),
    };

    private KeyMap Keys(string part, string json, string source) => part switch
    {
        "unet" => LdmKeys.UNet(UNetConfig.Parse(json, source)),
        "vae" => LdmKeys.Vae(VaeConfig.Parse(json, source)),
        _ when layout.PrefixOf(part)!.EndsWith("model.", StringComparison.Ordinal) => ClipKeys.OpenClip(ClipTextConfig.Parse(json, source)),
        _ => ClipKeys.InSingleFile,
    };

    private static string NoModel(TensorArchive archive) => CheckpointKind.Of(archive) is { } kind
        ? $"is no base model in a single file, but {kind.Name}; give the file or folder of a base model."
        : $"is no base model in a single file: it has no '{SingleFileLayout.UNetPrefix}input_blocks.0.0.weight'.";
}
