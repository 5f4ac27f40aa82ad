using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Clip;

/// <summary>The numbers that both towers of CLIP have.</summary>
internal sealed record ClipTower
{
    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int InnerWidth { get; init; }

    /// <summary>x σ(1.702 x) as OpenAI's models have, instead of the exact GELU.</summary>
    public bool QuickGelu { get; init; } = true;

    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>The fields of published files that both towers have.</summary>
    public static KnownFields Known { get; } = TransformersFields.All.With(new()
    {
        Read = ["hidden_act", "hidden_size", "intermediate_size", "layer_norm_eps", "num_attention_heads", "num_hidden_layers", "projection_dim"],
        Harmless = ["text_config", "text_config_dict", "vision_config", "vision_config_dict", "logit_scale_init_value"],    // of the whole of CLIP
    });

    /// <summary>The fields that <see cref="Read"/> reads.</summary>
    internal (string Field, JsonNode? Value)[] Fields() =>
    [
        ("hidden_act", QuickGelu ? "quick_gelu" : "gelu"),
        ("hidden_size", Width),
        ("intermediate_size", InnerWidth),
        ("layer_norm_eps", NormEpsilon),
        ("num_attention_heads", Heads),
        ("num_hidden_layers", Layers),
    ];

    /// <exception cref="InvalidConfigException">A number is missing or malformed, or the activation unknown.</exception>
    internal static ClipTower Read(ConfigReader config)
    {
        var activation = config.Text("hidden_act", "quick_gelu");
        var tower = new ClipTower
        {
            Width = config.Whole("hidden_size"),
            Layers = config.Whole("num_hidden_layers"),
            Heads = config.Whole("num_attention_heads"),
            InnerWidth = config.Whole("intermediate_size"),
            QuickGelu = activation switch
            {
                "quick_gelu" => true,
                "gelu" => false,
                _ => throw config.Unsupported("hidden_act", activation, "\"quick_gelu\" or \"gelu\""),
            },
            NormEpsilon = config.Number("layer_norm_eps", 1e-5),
        };
        return tower.Width % tower.Heads == 0
            ? tower
            : throw new InvalidConfigException(
                config.Path, $"\"hidden_size\" is {tower.Width}, which \"num_attention_heads\" ({tower.Heads}) does not divide.");
    }
}

/// <summary>The numbers of a <see cref="ClipTextEncoder"/>, as its <c>config.json</c> gives them.</summary>
internal sealed record ClipTextConfig
{
    // Published configs say 2, whatever the tokenizer's id is; then the largest id is the end.
    private const int UnknownEnd = 2;

    /// <summary>The fields of published files.</summary>
    public static KnownFields Known { get; } = ClipTower.Known.With(new() { Read = ["eos_token_id", "max_position_embeddings", "vocab_size"] });

    public required ClipTower Tower { get; init; }

    public int Vocabulary { get; init; } = 49408;

    public int Positions { get; init; } = 77;

    /// <summary>Id of the end-of-text token, or null where it is the largest id of a text.</summary>
    public int? End { get; init; }

    /// <summary>Width of the projected embedding, or null for an encoder without one.</summary>
    public int? Projection { get; init; }

    /// <exception cref="InvalidConfigException">A number is missing, malformed, or does not fit another.</exception>
    public static ClipTextConfig Parse(string json, string path = "config.json") => Read(ConfigReader.Parse(json, path));

    internal static ClipTextConfig Read(ConfigReader whole)
    {
        // The settings of the whole of CLIP have those of each half inside.
        var config = whole.Section("text_config") ?? whole;
        Known.Check(config);
        var projects = config.Texts("architectures", ["CLIPTextModel"]).Contains("CLIPTextModelWithProjection");
        var end = config.Whole("eos_token_id", UnknownEnd);
        return new()
        {
            Tower = ClipTower.Read(config),
            Vocabulary = config.Whole("vocab_size", 49408),
            Positions = config.Whole("max_position_embeddings", 77),
            End = end == UnknownEnd ? null : end,
            Projection = projects ? config.Whole("projection_dim", 512) : null,
        };
    }

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back, and transformers too.</summary>
    public string ToJson() => ConfigWriter.Write(
    [
        ("architectures", ConfigWriter.List([Projection is null ? "CLIPTextModel" : "CLIPTextModelWithProjection"])),
        ("eos_token_id", End ?? UnknownEnd),
        .. Tower.Fields(),
        ("max_position_embeddings", Positions),
        ("model_type", "clip_text_model"),
        ("projection_dim", Projection ?? Tower.Width),
        ("vocab_size", Vocabulary),
    ]);
}

/// <summary>The numbers of a <see cref="ClipVisionEncoder"/>, as its <c>config.json</c> gives them.</summary>
internal sealed record ClipVisionConfig
{
    /// <summary>The published ViT-L/14 (<c>openai/clip-vit-large-patch14</c>).</summary>
    public static ClipVisionConfig LargePatch14 { get; } = new()
    {
        Tower = new() { Width = 1024, Layers = 24, Heads = 16, InnerWidth = 4096 },
        Patch = 14,
        Projection = 768,
    };

    /// <summary>The fields of published files.</summary>
    public static KnownFields Known { get; } = ClipTower.Known.With(new()
    {
        Read = ["image_size", "patch_size"],
        Fixed = [new("num_channels", "3")],
    });

    public required ClipTower Tower { get; init; }

    /// <summary>Pixels along one side of a picture.</summary>
    public int Side { get; init; } = 224;

    /// <summary>Pixels along one side of a patch.</summary>
    public int Patch { get; init; } = 32;

    /// <summary>Width of the projected embedding.</summary>
    public int Projection { get; init; } = 512;

    /// <summary>The class token and one for each patch.</summary>
    public int Tokens => 1 + (Side / Patch * (Side / Patch));

    /// <exception cref="InvalidConfigException">A number is missing, malformed, or does not fit another.</exception>
    public static ClipVisionConfig Parse(string json, string path = "config.json") => Read(ConfigReader.Parse(json, path));

    internal static ClipVisionConfig Read(ConfigReader whole)
    {
        // The settings of the whole of CLIP have those of each half inside, with projections of their own that nothing reads.
        var config = whole.Section("vision_config") ?? whole;
        Known.Check(config);
        return new()
        {
            Tower = ClipTower.Read(config),
            Side = config.Whole("image_size", 224),
            Patch = config.Whole("patch_size", 32),
            Projection = whole.Whole("projection_dim", 512),
        };
    }

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back, and transformers too.</summary>
    public string ToJson() => ConfigWriter.Write(
    [
        ("architectures", ConfigWriter.List(["CLIPVisionModelWithProjection"])),
        .. Tower.Fields(),
        ("image_size", Side),
        ("model_type", "clip_vision_model"),
        ("patch_size", Patch),
        ("projection_dim", Projection),
    ]);
}
