using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Resampler;

namespace Dramatis.Methods.IpAdapter;

/// <summary>What makes tokens of a picture.</summary>
public enum TokenSource
{
    /// <summary>A linear layer, from the picture's one embedding: the base adapters.</summary>
    Embedding,

    /// <summary>A small network, from each of its features: the full-face adapter.</summary>
    Features,

    /// <summary>A resampler, from all of its features: the plus adapters.</summary>
    Resampler,
}

/// <summary>How a picture that is no square becomes one for the encoder.</summary>
public enum ReferenceFit
{
    /// <summary>The middle of it: what lies at the ends of the longer side is lost. The adapters were trained so.</summary>
    Crop,

    /// <summary>All of it, stretched.</summary>
    Squeeze,

    /// <summary>All of it, with bars; strong references may bring the bars into the result.</summary>
    Pad,
}

/// <summary>What several references of a subject are together.</summary>
internal enum SeveralPictures
{
    /// <summary>As many tokens as all of them have, read with one softmax.</summary>
    Joined,

    /// <summary>As many tokens as one has: of the mean of what the image encoder says of each.</summary>
    Average,
}

/// <summary>An adapter's sizes, which its weights say, and what its <c>config.json</c> adds.</summary>
internal sealed record IpAdapterConfig
{
    private const int UsualHeadWidth = 64;

    private const string FaceId =
        "is an IP-Adapter FaceID: it reads embeddings of a face recognition model, which is not part of Dramatis (the usual one is for "
        + "non-commercial use only). Take a base, plus, plus-face or full-face adapter.";

    public required TokenSource Source { get; init; }

    /// <summary>Width of what is read: of the embedding or of the features.</summary>
    public required int FeatureWidth { get; init; }

    /// <summary>Width of the tokens: that of the base model's text.</summary>
    public required int TokenWidth { get; init; }

    /// <summary>Tokens a picture; 0 for <see cref="TokenSource.Features"/>, where there is one for each feature.</summary>
    public int Tokens { get; init; }

    /// <summary>For <see cref="TokenSource.Resampler"/>.</summary>
    public PerceiverConfig? Resampler { get; init; }

    public ReferenceFit Fit { get; init; } = ReferenceFit.Crop;

    public SeveralPictures Several { get; init; }

    /// <summary>Factors on the strength of each subject.</summary>
    public BlockStrengths Strengths { get; init; } = BlockStrengths.Full;

    /// <summary>Reads the sizes off the weights in the published layout.</summary>
    /// <param name="settings">
    /// What the folder's <c>config.json</c> says: <c>dim_head</c>, <c>reference</c>, <c>several</c>, <c>strength</c>; null says nothing.
    /// </param>
    /// <exception cref="InvalidCheckpointException">The file is no IP-Adapter, or one that needs a face recognition model.</exception>
    /// <exception cref="InvalidConfigException">A setting is malformed.</exception>
    public static IpAdapterConfig Read(TensorArchive weights, ConfigReader? settings = null)
    {
        settings?.Require("method", IpAdapterMethod.Name);
        var config = CheckpointKind.Of(weights)?.Type switch
        {
            CheckpointType.IpAdapter => OfEmbedding(),
            CheckpointType.IpAdapterFull => OfFeatures(),
            CheckpointType.IpAdapterPlus => OfResampler(),
            CheckpointType.IpAdapterFaceId => throw new InvalidCheckpointException(weights.Path, FaceId),
            _ => throw new InvalidCheckpointException(weights.Path, "is no IP-Adapter: it has no image_proj of a known kind."),
        };
        return settings is null ? config : config with
        {
            Fit = settings.Choice("reference", ReferenceFit.Crop),
            Several = settings.Choice("several", SeveralPictures.Joined),
            Strengths = BlockStrengths.Read(settings, "strength"),
        };

        IpAdapterConfig OfEmbedding()
        {
            var width = Size("norm.weight", 0, 1);
            return new()
            {
                Source = TokenSource.Embedding,
                FeatureWidth = Size("proj.weight", 1, 2),
                TokenWidth = width,
                Tokens = Size("proj.weight", 0, 2) / width,
            };
        }

        IpAdapterConfig OfFeatures() => new()
        {
            Source = TokenSource.Features,
            FeatureWidth = Size("proj.0.weight", 1, 2),
            TokenWidth = Size("proj.3.weight", 0, 1),
        };

        IpAdapterConfig OfResampler()
        {
            var headWidth = settings?.Whole("dim_head", UsualHeadWidth) ?? UsualHeadWidth;
            return OfPerceiver(new()
            {
                Width = Size("latents", 2, 3),
                Queries = Size("latents", 1, 3),
                Depth = weights.CountLayers(layer => $"image_proj.layers.{layer}.0.to_q.weight"),
                Heads = PerceiverConfig.HeadsOf(Size("layers.0.0.to_q.weight", 0, 2), headWidth, weights.Path),
                HeadWidth = headWidth,
                FeatureWidth = Size("proj_in.weight", 1, 2),
                OutputWidth = Size("proj_out.weight", 0, 2),
                FeedForwardFactor = Size("layers.0.1.1.weight", 0, 2) / Size("layers.0.1.1.weight", 1, 2),
            });
        }

        int Size(string name, int dimension, int rank) => weights.SideOf($"image_proj.{name}", dimension, rank, "whole IP-Adapter");
    }

    /// <summary>The settings of an adapter with a resampler.</summary>
    public static IpAdapterConfig OfPerceiver(PerceiverConfig resampler) => new()
    {
        Source = TokenSource.Resampler,
        FeatureWidth = resampler.FeatureWidth,
        TokenWidth = resampler.OutputWidth,
        Tokens = resampler.Queries,
        Resampler = resampler,
    };

    /// <summary>The text of a <c>config.json</c>: what <see cref="Read"/> does not find in the weights.</summary>
    public string ToJson() => ConfigWriter.Write(
        ("method", IpAdapterMethod.Name),
        ("dim_head", Resampler?.HeadWidth ?? UsualHeadWidth),
        ("reference", Fit.ToString().ToLowerInvariant()),
        ("several", Several.ToString().ToLowerInvariant()),
        ("strength", Strengths.ToJson()));
}
