using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Resampler;

/// <summary>The numbers of a <see cref="PerceiverResampler"/>, and those that all resamplers have.</summary>
public record PerceiverConfig
{
    public required int Width { get; init; }

    public required int Depth { get; init; }

    public required int Heads { get; init; }

    public required int HeadWidth { get; init; }

    /// <summary>Tokens made of each reference.</summary>
    public required int Queries { get; init; }

    /// <summary>Width of the picture features.</summary>
    public required int FeatureWidth { get; init; }

    /// <summary>Width of the tokens: that of the text context of the backbone.</summary>
    public required int OutputWidth { get; init; }

    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Reads the arguments of the reference implementation by their names.</summary>
    /// <exception cref="InvalidConfigException">A number is missing or malformed.</exception>
    public static PerceiverConfig Read(ConfigReader config) => new()
    {
        Width = config.Whole("dim"),
        Depth = config.Whole("depth"),
        Heads = config.Whole("heads"),
        HeadWidth = config.Whole("dim_head"),
        Queries = config.Whole("num_queries"),
        FeatureWidth = config.Whole("embedding_dim"),
        OutputWidth = config.Whole("output_dim"),
        FeedForwardFactor = config.Whole("ff_mult", 4),
    };

    /// <summary>The fields that are read.</summary>
    internal virtual (string Field, JsonNode? Value)[] Fields() =>
    [
        ("depth", Depth),
        ("dim", Width),
        ("dim_head", HeadWidth),
        ("embedding_dim", FeatureWidth),
        ("ff_mult", FeedForwardFactor),
        ("heads", Heads),
        ("num_queries", Queries),
        ("output_dim", OutputWidth),
    ];
}
