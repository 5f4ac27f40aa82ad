using static TorchSharp.torch;

namespace Dramatis.Networks.Vae;

/// <summary>The Gaussian that an encoder gives for each latent value.</summary>
/// <param name="Mean">(B, C, h, w), not scaled.</param>
/// <param name="LogVariance">(B, C, h, w), between -30 and 20.</param>
internal sealed record Posterior(Tensor Mean, Tensor LogVariance)
{
    /// <summary>The standard deviation (B, C, h, w).</summary>
    public Tensor Deviation()
    {
        using var half = 0.5 * LogVariance;
        return half.exp();
    }

    /// <summary>One draw (B, C, h, w).</summary>
    /// <param name="noise">Unit Gaussian noise of the mean's shape.</param>
    public Tensor Sample(Tensor noise)
    {
        using var scope = NewDisposeScope();
        return (Mean + (Deviation() * noise)).MoveToOuterDisposeScope();
    }
}
