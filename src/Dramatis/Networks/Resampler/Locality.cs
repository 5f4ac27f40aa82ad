using static TorchSharp.torch;

namespace Dramatis.Networks.Resampler;

/// <summary>A prior for image tokens that stand for the cells of a picture: attention begins near the matching place.</summary>
/// <remarks>
/// Copying a subject takes two attention maps that are local at the same time: from token to patch of the reference, and from
/// cell of the picture to token. While either is uniform the other gets no gradient. This bias makes both local from the start.
/// </remarks>
/// <param name="Grid">Tokens along one side of a subject; it has Grid x Grid tokens, row by row.</param>
/// <param name="Beta">What the logit loses for each squared distance of one token's side.</param>
internal sealed record Locality(int Grid, double Beta)
{
    /// <summary>The embedded model's: attention begins at the one nearest token and its direct neighbours.</summary>
    public const double UsualBeta = 2.5;

    /// <summary>What a logit gets where attention must not go: its weight comes out as exactly zero.</summary>
    public const float Hidden = -10000;

    // Some token is always less than a token's side away, so that in single precision e^-40 adds nothing to any sum. But
    // weights of e^-90 and their gradients are denormal numbers, which make processors many times slower.
    private const double Negligible = -40;

    public int Tokens => Grid * Grid;

    /// <summary>The bias -β d² for squared distances, on a scale of tokens' sides; hidden where it leaves nothing.</summary>
    public Tensor Bias(Tensor squaredDistances)
    {
        using var scope = NewDisposeScope();
        var bias = squaredDistances * -Beta;
        return bias.masked_fill(bias < Negligible, Hidden).MoveToOuterDisposeScope();
    }
}
