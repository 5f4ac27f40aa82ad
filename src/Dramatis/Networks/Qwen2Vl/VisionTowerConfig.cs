using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>The numbers of a <see cref="VisionTower"/>, as the part <c>vision_config</c> of a <c>config.json</c> gives them.</summary>
internal sealed record VisionTowerConfig
{
    /// <summary>The fields of published files.</summary>
    public static KnownFields Known { get; } = TransformersFields.All.With(new()
    {
        Read =
        [
            "depth", "embed_dim", "hidden_act", "hidden_size", "in_channels", "in_chans", "mlp_ratio", "num_heads", "patch_size", "spatial_merge_size",
            "temporal_patch_size",
        ],
        Harmless = ["spatial_patch_size"],    // the same as "patch_size", under its older name
    });

    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int InnerWidth { get; init; }

    /// <summary>Width of what comes out: that of the language model.</summary>
    public required int OutputWidth { get; init; }

    public int Channels { get; init; } = 3;

    /// <summary>Pixels along one side of a patch.</summary>
    public int Patch { get; init; } = 14;

    /// <summary>Frames in a patch; a still picture is shown as often.</summary>
    public int Frames { get; init; } = 2;

    /// <summary>Patches along one side of the square that becomes one token.</summary>
    public int Merge { get; init; } = 2;

    public double NormEpsilon { get; init; } = 1e-6;

    public int HeadWidth => Width / Heads;

    /// <summary>Numbers of a patch.</summary>
    public int PatchNumbers => Channels * Frames * Patch * Patch;

    /// <summary>Patches that become one token.</summary>
    public int PatchesOfToken => Merge * Merge;

    /// <exception cref="InvalidConfigException">A number is missing or malformed, or asks for a kind of network that does not exist here.</exception>
    public static VisionTowerConfig Read(ConfigReader config)
    {
        config.Require("hidden_act", "quick_gelu");
        var width = config.Whole("embed_dim");
        var read = new VisionTowerConfig
        {
            Width = width,
            Layers = config.Whole("depth"),
            Heads = config.Whole("num_heads"),
            InnerWidth = (int)(width * config.Number("mlp_ratio", 4)),
            OutputWidth = config.Whole("hidden_size"),
            Channels = config.Whole("in_chans", config.Whole("in_channels", 3)),
            Patch = config.Whole("patch_size", 14),
            Frames = config.Whole("temporal_patch_size", 2),
            Merge = config.Whole("spatial_merge_size", 2),
        };

        // Rows and columns share the numbers of a head, two for each angle.
        return read.Width % read.Heads == 0 && read.HeadWidth % 4 == 0
            ? read
            : throw new InvalidConfigException(
                config.Path, $"\"embed_dim\" ({read.Width}) is no multiple of 4 for each of the {read.Heads} \"num_heads\".");
    }
}
