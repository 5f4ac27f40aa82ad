using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Tokens of one or several pictures that act together: in one softmax, in one window of the steps, in one region.</summary>
/// <remarks>Shapes: B rows, T tokens, E token width, N cells. Tensors are borrowed: only keys and values made of them are kept.</remarks>
internal sealed record ImageTokens
{
    /// <summary>(B, T, E), negative rows first.</summary>
    public required Tensor Tokens { get; init; }

    /// <summary>What makes keys and values of them, for each site that gets them.</summary>
    public required IReadOnlyDictionary<AttentionSite, ImageProjections> Projections { get; init; }

    public Influence Influence { get; init; } = Influence.Full;

    /// <summary>A further factor for each site; null is 1.</summary>
    public Func<AttentionSite, double>? StrengthAt { get; init; }

    /// <summary>A further factor for each token (T, 1); null is 1.</summary>
    public Tensor? Weights { get; init; }

    /// <summary>Null acts everywhere.</summary>
    public IRegion? Region { get; init; }

    /// <summary>What is added to the logits of each token in each cell (1 or B, 1, N, T), which can hide tokens from cells; null for nothing.</summary>
    public Func<AttentionCall, Tensor>? BiasAt { get; init; }
}
