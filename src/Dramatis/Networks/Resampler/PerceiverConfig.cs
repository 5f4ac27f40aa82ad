namespace Dramatis.Networks.Resampler;

/// <summary>The numbers of a <see cref="PerceiverResampler"/>, and those that all resamplers have.</summary>
internal record PerceiverConfig
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
}
