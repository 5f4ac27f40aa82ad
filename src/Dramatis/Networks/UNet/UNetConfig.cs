using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.UNet;

/// <summary>What SDXL's networks are told besides noise level and text: the pooled text and six numbers of size (Podell et al., 2023, section 2.2).</summary>
/// <param name="PooledWidth">Width of the pooled text.</param>
/// <param name="NumberWidth">Waves that each of the six numbers becomes.</param>
internal sealed record AddedConditionsConfig(int PooledWidth, int NumberWidth)
{
    /// <summary>Height and width of the original, top and left of the crop, height and width wanted.</summary>
    public const int Numbers = 6;

    public int Width => PooledWidth + (Numbers * NumberWidth);
}

/// <summary>The numbers of a <see cref="UNet"/>, as its <c>config.json</c> gives them. Levels are counted from the largest feature map.</summary>
internal sealed record UNetConfig
{
    /// <summary>The fields of published files.</summary>
    public static KnownFields Known { get; } = new()
    {
        Read =
        [
            "act_fn", "addition_embed_type", "addition_time_embed_dim", "attention_head_dim", "block_out_channels", "cross_attention_dim", "down_block_types",
            "flip_sin_to_cos", "freq_shift", "in_channels", "layers_per_block", "mid_block_type", "norm_eps", "norm_num_groups", "num_attention_heads",
            "only_cross_attention", "out_channels", "projection_class_embeddings_input_dim", "sample_size", "time_cond_proj_dim", "time_embedding_dim",
            "transformer_layers_per_block", "up_block_types", "use_linear_projection",
        ],
        Fixed =
        [
            new("attention_type", "default"), new("center_input_sample", "false"), new("class_embed_type"), new("class_embeddings_concat", "false"),
            new("conv_in_kernel", "3"), new("conv_out_kernel", "3"), new("cross_attention_norm"), new("downsample_padding", "1"),
            new("dual_cross_attention", "false"), new("encoder_hid_dim"), new("encoder_hid_dim_type"), new("mid_block_only_cross_attention", "false"),
            new("mid_block_scale_factor", "1"), new("num_class_embeds"), new("quantization_config"),
            new("resnet_out_scale_factor", "1"), new("resnet_skip_time_act", "false"), new("resnet_time_scale_shift", "default"),
            new("reverse_transformer_layers_per_block"), new("time_embedding_act_fn"), new("time_embedding_type", "positional"),
            new("timestep_post_act"),
        ],
        Harmless =
        [
            // Attention sums in single precision anyway; the number of heads is of another kind of added conditions.
            "upcast_attention", "addition_embed_type_num_heads",

            // Of training, and of the running mean of weights that it saved.
            "dropout", "decay", "inv_gamma", "min_decay", "optimization_step", "power", "update_after_step", "use_ema_warmup", "use_ema",
            "gradient_checkpointing",
        ],
    };

    public int InChannels { get; init; } = 4;

    public int OutChannels { get; init; } = 4;

    /// <summary>Channels of each level.</summary>
    public required IReadOnlyList<int> BlockWidths { get; init; }

    /// <summary>Residual blocks of a level on the way down; there is one more on the way up.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Whether a level has cross-attention, on both ways.</summary>
    public required IReadOnlyList<bool> Attention { get; init; }

    /// <summary>Whether the first attention of a level's transformer blocks reads the text too, instead of all cells, which costs the square of their number; null for none.</summary>
    public IReadOnlyList<bool>? OnlyCross { get; init; }

    /// <summary>Attention heads of each level.</summary>
    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary>Transformer blocks in each attention of a level.</summary>
    public required IReadOnlyList<int> TransformerLayers { get; init; }

    /// <summary>Whether there is a block between the ways down and up; small distilled networks do without.</summary>
    public bool HasMiddle { get; init; } = true;

    /// <summary>Width of the text context.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Transformers are entered and left by linear layers instead of 1 x 1 convolutions: other weight shapes, the same arithmetic.</summary>
    public bool LinearProjection { get; init; }

    public int NormGroups { get; init; } = 32;

    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Cosines before sines in the embedding of a timestep.</summary>
    public bool CosineFirst { get; init; } = true;

    public double FrequencyShift { get; init; }

    /// <summary>Width of the vector that tells residual blocks the noise level, where it is not four times that of the first level.</summary>
    public int? TimeEmbedding { get; init; }

    /// <summary>Width of that vector in any case.</summary>
    public int TimeWidth => TimeEmbedding ?? (4 * BlockWidths[0]);

    /// <summary>Null for networks that are told the noise level and the text alone.</summary>
    public AddedConditionsConfig? Added { get; init; }

    /// <summary>Cells along one side of the latents that the model was trained on, or null when the file does not say.</summary>
    public int? SampleSize { get; init; }

    /// <param name="path">Where the text comes from, for messages.</param>
    /// <exception cref="InvalidConfigException">A field is missing, malformed, or asks for a block that does not exist here.</exception>
    public static UNetConfig Parse(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        config.Require("_class_name", "UNet2DConditionModel");
        var read = Read(config);
        var onTheWayUp = Levels(config, "up_block_types", "CrossAttnUpBlock2D", "UpBlock2D", read.BlockWidths.Count);
        return onTheWayUp.Reverse().SequenceEqual(read.Attention)
            ? read
            : throw new InvalidConfigException(path, "\"up_block_types\" is not \"down_block_types\" in reverse.");
    }

    /// <summary>What a ControlNet's file says of its half of such a network.</summary>
    internal static UNetConfig Read(ConfigReader config)
    {
        Known.Check(config);
        config.Require("act_fn", "silu");
        config.Require("mid_block_type", "UNetMidBlock2DCrossAttn");
        RefuseGuidanceEmbedding(config);
        var widths = config.Wholes("block_out_channels");
        return new UNetConfig
        {
            InChannels = config.Whole("in_channels", 4),
            OutChannels = config.Whole("out_channels", 4),
            BlockWidths = widths,
            LayersPerBlock = config.Whole("layers_per_block", 2),
            Attention = Levels(config, "down_block_types", "CrossAttnDownBlock2D", "DownBlock2D", widths.Count),
            OnlyCross = config.BoolForEach("only_cross_attention", widths.Count, false) is var only && only.Contains(true) ? only : null,

            // The published configs write the number of heads into the field named after their width.
            Heads = config.Has("num_attention_heads")
                ? config.WholeForEach("num_attention_heads", widths.Count)
                : config.WholeForEach("attention_head_dim", widths.Count, 8),
            TransformerLayers = config.WholeForEach("transformer_layers_per_block", widths.Count, 1),
            HasMiddle = !config.IsNull("mid_block_type"),
            TextWidth = config.Whole("cross_attention_dim", 1280),
            LinearProjection = config.Bool("use_linear_projection", false),
            NormGroups = config.Whole("norm_num_groups", 32),
            NormEpsilon = config.Number("norm_eps", 1e-5),
            CosineFirst = config.Bool("flip_sin_to_cos", true),
            FrequencyShift = config.Number("freq_shift", 0),
            TimeEmbedding = config.Has("time_embedding_dim") ? config.Whole("time_embedding_dim") : null,
            Added = AddedOf(config),
            SampleSize = config.Has("sample_size") ? config.Whole("sample_size") : null,
        }.Checked(config.Path);
    }

    /// <summary>Whether the first attention of a level's blocks reads the text: see <see cref="OnlyCross"/>.</summary>
    public bool IsOnlyCross(int level) => OnlyCross?[level] ?? false;

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back, and diffusers too.</summary>
    public string ToJson()
    {
        (string Field, JsonNode? Value)[] own =
        [
            ("_class_name", "UNet2DConditionModel"),
            ("out_channels", OutChannels),
            ("up_block_types", ConfigWriter.List(Attention.Reverse().Select(attended => attended ? "CrossAttnUpBlock2D" : "UpBlock2D"))),
        ];
        return ConfigWriter.Write(own.Concat(Fields()).OrderBy(item => item.Field, StringComparer.Ordinal));
    }

    /// <summary>The fields that <see cref="Read"/> reads.</summary>
    internal (string Field, JsonNode? Value)[] Fields() =>
    [
        ("act_fn", "silu"),
        ("addition_embed_type", Added is null ? null : "text_time"),
        ("addition_time_embed_dim", Added?.NumberWidth),
        ("attention_head_dim", ConfigWriter.List(Heads)),
        ("block_out_channels", ConfigWriter.List(BlockWidths)),
        ("cross_attention_dim", TextWidth),
        ("down_block_types", ConfigWriter.List(Attention.Select(attended => attended ? "CrossAttnDownBlock2D" : "DownBlock2D"))),
        ("flip_sin_to_cos", CosineFirst),
        ("freq_shift", FrequencyShift),
        ("in_channels", InChannels),
        ("layers_per_block", LayersPerBlock),
        ("mid_block_type", HasMiddle ? "UNetMidBlock2DCrossAttn" : null),
        ("norm_eps", NormEpsilon),
        ("norm_num_groups", NormGroups),
        .. OnlyCross is { } only ? [("only_cross_attention", ConfigWriter.List(only))] : Array.Empty<(string, JsonNode?)>(),
        ("projection_class_embeddings_input_dim", Added?.Width),
        ("sample_size", SampleSize),
        .. TimeEmbedding is { } width ? [("time_embedding_dim", (JsonNode?)width)] : Array.Empty<(string, JsonNode?)>(),
        ("transformer_layers_per_block", ConfigWriter.List(TransformerLayers)),
        ("use_linear_projection", LinearProjection),
    ];

    private static void RefuseGuidanceEmbedding(ConfigReader config)
    {
        if (config.Has("time_cond_proj_dim"))
        {
            throw new InvalidConfigException(
                config.Path,
                $"\"time_cond_proj_dim\" is {config.Json("time_cond_proj_dim")}: this is a latent consistency model that is told the guidance, which is "
                    + "not supported. Use the base model that it was distilled from.");
        }
    }

    private static AddedConditionsConfig? AddedOf(ConfigReader config)
    {
        if (!config.Has("addition_embed_type"))
        {
            return null;
        }

        config.Require("addition_embed_type", "text_time");
        var number = config.Whole("addition_time_embed_dim", 256);
        var pooled = config.Whole("projection_class_embeddings_input_dim", 2816) - (AddedConditionsConfig.Numbers * number);
        return pooled > 0
            ? new(pooled, number)
            : throw new InvalidConfigException(
                config.Path, "\"projection_class_embeddings_input_dim\" leaves no room for the text beside six times \"addition_time_embed_dim\".");
    }

    private static IReadOnlyList<bool> Levels(ConfigReader config, string field, string attended, string plain, int count)
    {
        var blocks = config.Texts(field);
        if (blocks.FirstOrDefault(block => block != attended && block != plain) is { } unknown)
        {
            throw config.Unsupported(field, unknown, $"{attended} or {plain}");
        }

        return blocks.Count == count
            ? [.. blocks.Select(block => block == attended)]
            : throw new InvalidConfigException(
                config.Path, $"\"{field}\" has {blocks.Count} blocks, but \"block_out_channels\" has {count}.");
    }

    private UNetConfig Checked(string path)
    {
        for (var level = 0; level < BlockWidths.Count; level++)
        {
            var width = BlockWidths[level];
            if (width % NormGroups != 0)
            {
                throw new InvalidConfigException(
                    path, $"\"block_out_channels\" has {width}, which \"norm_num_groups\" ({NormGroups}) does not divide.");
            }

            if (width % Heads[level] != 0)
            {
                throw new InvalidConfigException(
                    path, $"\"block_out_channels\" has {width}, which the number of heads ({Heads[level]}) does not divide.");
            }
        }

        return this;
    }
}
