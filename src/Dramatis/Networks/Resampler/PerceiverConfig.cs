using Dramatis.Errors;

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

    /// <summary>How many heads attention has in a file, which says only how wide they are together.</summary>
    /// <param name="width">Of all heads.</param>
    /// <param name="headWidth">As published, or as settings say.</param>
    /// <param name="path">For the message.</param>
    /// <exception cref="InvalidCheckpointException">There is no such number.</exception>
    public static int HeadsOf(int width, int headWidth, string path) => width % headWidth == 0 ? width / headWidth : throw new InvalidCheckpointException(
        path, $"has a resampler whose heads are {width} wide together, which heads of {headWidth} do not make up; say how wide each is, as \"dim_head\" with its "
            + $"\"method\", in {Path.GetFileNameWithoutExtension(path)}.json beside it.");
}
