using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.UNet;

namespace Dramatis.Networks.ControlNet;

/// <summary>The numbers of a <see cref="ControlNet"/>, as its <c>config.json</c> gives them.</summary>
internal sealed record ControlNetConfig
{
    /// <summary>The fields of published files.</summary>
    public static KnownFields Known { get; } = UNetConfig.Known.With(new()
    {
        Read = ["conditioning_channels", "conditioning_embedding_out_channels"],
        Fixed = [new("controlnet_conditioning_channel_order", "rgb"), new("global_pool_conditions", "false"), new("num_control_type")],
    });

    /// <summary>The half of the UNet that it is a copy of.</summary>
    public required UNetConfig Blocks { get; init; }

    /// <summary>Channels of the condition.</summary>
    public int ConditionChannels { get; init; } = 3;

    /// <summary>Channels on the way from the condition to the latents' size; each but the first halves it.</summary>
    public IReadOnlyList<int> ConditionWidths { get; init; } = [16, 32, 96, 256];

    /// <param name="path">Where the text comes from, for messages.</param>
    /// <exception cref="InvalidConfigException">A field is missing, malformed, or asks for a block that does not exist here.</exception>
    public static ControlNetConfig Parse(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        config.Require("_class_name", "ControlNetModel");
        Known.Check(config);
        return new()
        {
            Blocks = UNetConfig.Read(config),
            ConditionChannels = config.Whole("conditioning_channels", 3),
            ConditionWidths = config.Wholes("conditioning_embedding_out_channels", [16, 32, 96, 256]),
        };
    }

    /// <summary>Why it cannot act on a UNet; null when it can.</summary>
    public string? Misfit(UNetConfig unet) =>
        Blocks.TextWidth != unet.TextWidth
            ? $"is a ControlNet of another base model: it reads text {Blocks.TextWidth} wide, this model's is {unet.TextWidth}. "
            + "Use one for this model's family."
        : !Blocks.BlockWidths.SequenceEqual(unet.BlockWidths) || Blocks.LayersPerBlock != unet.LayersPerBlock
            ? $"is a ControlNet of another base model: its blocks are {string.Join(", ", Blocks.BlockWidths)} wide, "
            + $"this model's {string.Join(", ", unet.BlockWidths)}."
            : null;

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back, and diffusers too.</summary>
    public string ToJson()
    {
        (string Field, JsonNode? Value)[] own =
        [
            ("_class_name", "ControlNetModel"),
            ("conditioning_channels", ConditionChannels),
            ("conditioning_embedding_out_channels", ConfigWriter.List(ConditionWidths)),
        ];
        return ConfigWriter.Write(own.Concat(Blocks.Fields()).OrderBy(item => item.Field, StringComparer.Ordinal));
    }
}
