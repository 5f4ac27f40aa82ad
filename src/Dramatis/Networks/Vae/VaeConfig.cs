using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Vae;

/// <summary>The numbers of an <see cref="AutoencoderKL"/>, as its <c>config.json</c> gives them.</summary>
internal sealed record VaeConfig
{
    /// <summary>What keeps all normalisations of a VAE finite; not in the file, the same for every model.</summary>
    public const double NormEpsilon = 1e-6;

    /// <summary>The fields of published files.</summary>
    public static KnownFields Known { get; } = new()
    {
        Read =
        [
            "act_fn", "block_out_channels", "down_block_types", "force_upcast", "in_channels", "latent_channels", "layers_per_block", "mid_block_add_attention",
            "norm_num_groups", "out_channels", "scaling_factor", "shift_factor", "up_block_types", "use_post_quant_conv", "use_quant_conv",
        ],
        Fixed = [new("latents_mean"), new("latents_std"), new("quantization_config")],
        Harmless = ["sample_size", "dropout"],    // of tiles, which are of other sizes here, and of training
    };

    private const string DownBlock = "DownEncoderBlock2D";
    private const string UpBlock = "UpDecoderBlock2D";

    public int InChannels { get; init; } = 3;

    public int OutChannels { get; init; } = 3;

    public int LatentChannels { get; init; } = 4;

    /// <summary>Channels of each level, largest feature map first; each level but the last halves the picture.</summary>
    public required IReadOnlyList<int> BlockWidths { get; init; }

    public int LayersPerBlock { get; init; } = 1;

    public int NormGroups { get; init; } = 32;

    /// <summary>What a latent is multiplied with, after <see cref="ShiftFactor"/> was taken off, to have unit variance.</summary>
    public double ScalingFactor { get; init; } = 0.18215;

    public double? ShiftFactor { get; init; }

    public bool MidAttention { get; init; } = true;

    public bool QuantConv { get; init; } = true;

    public bool PostQuantConv { get; init; } = true;

    /// <summary>The model overflows in half precision: compute in single.</summary>
    public bool ForceUpcast { get; init; } = true;

    /// <summary>Picture pixels along one side of a latent cell.</summary>
    public int Factor => 1 << (BlockWidths.Count - 1);

    /// <param name="path">Where the text comes from, for messages.</param>
    /// <exception cref="InvalidConfigException">A field is missing, malformed, or asks for a block that does not exist here.</exception>
    public static VaeConfig Parse(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        config.Require("_class_name", "AutoencoderKL");
        Known.Check(config);
        config.Require("act_fn", "silu");
        var widths = config.Wholes("block_out_channels");
        RequireBlocks(config, "down_block_types", DownBlock, widths.Count);
        RequireBlocks(config, "up_block_types", UpBlock, widths.Count);
        var groups = config.Whole("norm_num_groups", 32);
        if (widths.FirstOrDefault(width => width % groups != 0) is var odd and not 0)
        {
            throw new InvalidConfigException(
                path, $"\"block_out_channels\" has {odd}, which \"norm_num_groups\" ({groups}) does not divide.");
        }

        return new()
        {
            InChannels = config.Whole("in_channels", 3),
            OutChannels = config.Whole("out_channels", 3),
            LatentChannels = config.Whole("latent_channels", 4),
            BlockWidths = widths,
            LayersPerBlock = config.Whole("layers_per_block", 1),
            NormGroups = groups,
            ScalingFactor = config.Number("scaling_factor", 0.18215) is > 0 and var factor ? factor
                : throw new InvalidConfigException(config.Path, "\"scaling_factor\" must be above 0."),
            ShiftFactor = config.OptionalNumber("shift_factor"),
            MidAttention = config.Bool("mid_block_add_attention", true),
            QuantConv = config.Bool("use_quant_conv", true),
            PostQuantConv = config.Bool("use_post_quant_conv", true),
            ForceUpcast = config.Bool("force_upcast", true),
        };
    }

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back, and diffusers too.</summary>
    public string ToJson() => ConfigWriter.Write(
        ("_class_name", "AutoencoderKL"),
        ("act_fn", "silu"),
        ("block_out_channels", ConfigWriter.List(BlockWidths)),
        ("down_block_types", ConfigWriter.List(BlockWidths.Select(_ => DownBlock))),
        ("force_upcast", ForceUpcast),
        ("in_channels", InChannels),
        ("latent_channels", LatentChannels),
        ("layers_per_block", LayersPerBlock),
        ("mid_block_add_attention", MidAttention),
        ("norm_num_groups", NormGroups),
        ("out_channels", OutChannels),
        ("scaling_factor", ScalingFactor),
        ("shift_factor", ShiftFactor),
        ("up_block_types", ConfigWriter.List(BlockWidths.Select(_ => UpBlock))),
        ("use_post_quant_conv", PostQuantConv),
        ("use_quant_conv", QuantConv));

    private static void RequireBlocks(ConfigReader config, string field, string supported, int count)
    {
        var blocks = config.Texts(field);
        if (blocks.FirstOrDefault(block => block != supported) is { } unknown)
        {
            throw config.Unsupported(field, unknown, supported);
        }

        if (blocks.Count != count)
        {
            throw new InvalidConfigException(
                config.Path, $"\"{field}\" has {blocks.Count} blocks, but \"block_out_channels\" has {count}.");
        }
    }
}
