using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Dino;

/// <summary>The numbers of a <see cref="DinoEncoder"/>, as its <c>config.json</c> gives them.</summary>
internal sealed record DinoConfig
{
    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int InnerWidth { get; init; }

    /// <summary>Pixels along one side of the pictures that the positions were learned on.</summary>
    public int Side { get; init; } = 224;

    /// <summary>Pixels along one side of a patch.</summary>
    public int Patch { get; init; } = 16;

    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>DINOv2: each branch of a layer has a learned factor for each channel, and there is a token for hidden patches.</summary>
    public bool IsSecond { get; init; }

    /// <summary>Positions move to other picture sizes as in the original code, not as in transformers: see <see cref="DinoPositions"/>.</summary>
    public bool OriginalPositions { get; init; }

    /// <summary>Learned positions along one side.</summary>
    public int PositionSide => Side / Patch;

    /// <summary>The fields of published files.</summary>
    public static KnownFields Known { get; } = TransformersFields.All.With(new()
    {
        Read =
        [
            "hidden_act", "hidden_size", "image_size", "intermediate_size", "layer_norm_eps", "mlp_ratio", "model_type", "num_attention_heads",
            "num_hidden_layers", "patch_size",
        ],
        Fixed = [new("num_channels", "3"), new("qkv_bias", "true"), new("use_swiglu_ffn", "false"), new("use_mask_token", "true")],

        // Of heads that are not loaded.
        Harmless =
        [
            "encoder_stride", "pooler_act", "pooler_output_size", "apply_layernorm", "out_features", "out_indices", "reshape_hidden_states", "stage_names",
        ],
    });

    /// <exception cref="InvalidConfigException">A number is missing or malformed, or asks for a kind of network that does not exist here.</exception>
    public static DinoConfig Parse(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        var isSecond = config.Text("model_type", "vit") switch
        {
            "vit" => false,
            "dinov2" => true,
            var other => throw config.Unsupported("model_type", other, "\"vit\" or \"dinov2\""),
        };
        config.Require("hidden_act", "gelu");
        Known.Check(config);
        var width = config.Whole("hidden_size");
        var read = new DinoConfig
        {
            Width = width,
            Layers = config.Whole("num_hidden_layers"),
            Heads = config.Whole("num_attention_heads"),
            InnerWidth = isSecond ? width * config.Whole("mlp_ratio", 4) : config.Whole("intermediate_size"),
            Side = config.Whole("image_size", 224),
            Patch = config.Whole("patch_size", 16),
            NormEpsilon = config.Number("layer_norm_eps", 1e-6),
            IsSecond = isSecond,
        };
        return read.Width % read.Heads == 0 && read.Side >= read.Patch
            ? read
            : throw new InvalidConfigException(
                path,
                $"\"hidden_size\" ({width}) must be a multiple of \"num_attention_heads\" ({read.Heads}), "
                + $"and \"image_size\" ({read.Side}) at least \"patch_size\" ({read.Patch}).");
    }
}
