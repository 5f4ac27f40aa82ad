using Dramatis.Errors;
using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.Clip;
using Dramatis.Weights;

namespace Dramatis.Training.IpAdapter;

/// <summary>What a new adapter shall be like.</summary>
public sealed record IpAdapterSizes
{
    /// <summary>Linear layer or resampler.</summary>
    public TokenSource Source { get; init; } = TokenSource.Embedding;

    /// <summary>Tokens a picture; as in the published adapters of the kind when null.</summary>
    public int? Tokens { get; init; }

    /// <summary>The resampler's; the published one's, or the base's text width, when null.</summary>
    public int? Width { get; init; }

    /// <summary>The resampler's layers.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>How references become squares.</summary>
    public ReferenceFit Fit { get; init; } = ReferenceFit.Crop;
}

/// <summary>The adapter that a training begins with.</summary>
internal static class IpAdapterStart
{
    // The published adapters.
    private const int EmbeddingTokens = 4;
    private const int ResamplerTokens = 16;
    private const int SdxlText = 2048;
    private const int SdxlWidth = 1280;
    private const int HeadWidth = 64;

    /// <summary>A new one: the projector random, keys and values as those that the base has for its text.</summary>
    /// <exception cref="InvalidRequestException">A size makes no sense.</exception>
    public static IpAdapterNetwork New(BaseModel model, ClipVisionConfig vision, IpAdapterSizes sizes)
    {
        var network = new IpAdapterNetwork(Config(model.UNet.Config.TextWidth, vision, sizes) with { Fit = sizes.Fit }, model.UNet.Sites);
        ProjectionStart.CopyText(model.UNet, site => network.Projections[site]);
        return network;
    }

    /// <summary>One that is there already, published or of an earlier training.</summary>
    /// <param name="folder">A model folder with an adapter.</param>
    /// <exception cref="ModelNotFoundException">It has none.</exception>
    /// <exception cref="InvalidCheckpointException">It is of another base model, or needs another encoder.</exception>
    public static IpAdapterNetwork From(string folder, BaseModel model, ClipVisionEncoder vision)
    {
        var part = ModelPart.Open(AdapterFolder.In(folder, IpAdapterMethod.Name));
        using var weights = part.OpenWeights();
        var network = IpAdapterMethod.LoadNetwork(weights, part.Config(), model.UNet);
        if (new ReferenceEncoder(vision, network.Config).Misfit() is { } problem)
        {
            network.Dispose();
            throw new InvalidCheckpointException(weights.Path, problem);
        }

        return network;
    }

    private static IpAdapterConfig Config(int text, ClipVisionConfig vision, IpAdapterSizes sizes)
    {
        var tokens = sizes.Tokens ?? (sizes.Source == TokenSource.Embedding ? EmbeddingTokens : ResamplerTokens);
        Check(tokens >= 1, "tokens", $"{tokens} is less than 1.");
        if (sizes.Source == TokenSource.Embedding)
        {
            return new() { Source = TokenSource.Embedding, FeatureWidth = vision.Projection, TokenWidth = text, Tokens = tokens };
        }

        var width = sizes.Width ?? (text == SdxlText ? SdxlWidth : text);
        var head = Math.Min(HeadWidth, width);
        Check(width >= 1 && width % head == 0, "width", $"{width} is neither less than {HeadWidth} nor a multiple of it, a head's width.");
        Check(sizes.Depth >= 1, "depth", $"{sizes.Depth} layers are too few; take 1 or more.");
        return IpAdapterConfig.OfPerceiver(new()
        {
            Width = width,
            Depth = sizes.Depth,
            Heads = width / head,
            HeadWidth = head,
            Queries = tokens,
            FeatureWidth = vision.Tower.Width,
            OutputWidth = text,
        });
    }

    private static void Check(bool isFine, string field, FormattableString problem)
    {
        if (!isFine)
        {
            throw new InvalidRequestException(field, FormattableString.Invariant(problem));
        }
    }
}
