using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>In how many directions states differ, as if all of those counted alike.</summary>
internal static class EffectiveDimensions
{
    /// <summary>(Σ λ)² / Σ λ² of the variances λ along the principal directions of states (N, W).</summary>
    public static double Of(Tensor states)
    {
        using var scope = NewDisposeScope();
        var variances = linalg.svdvals(states - states.mean([0], keepdim: true)).square();
        return (variances.sum().square() / variances.square().sum()).item<float>();
    }
}
