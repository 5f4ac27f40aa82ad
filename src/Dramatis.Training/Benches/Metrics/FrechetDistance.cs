using static TorchSharp.torch;

namespace Dramatis.Benches.Metrics;

/// <summary>Fréchet distance of two sets of features, each taken for a Gaussian: FID where the features are Inception's (Heusel et al., 2017).</summary>
internal static class FrechetDistance
{
    /// <summary>|μ1 - μ2|² + tr(Σ1 + Σ2 - 2 (Σ1 Σ2)^½), in double precision; 0 for equal sets.</summary>
    /// <param name="first">(n, F), n at least 2.</param>
    /// <param name="second">(m, F), m at least 2; fewer than F make its covariance singular, which is no obstacle.</param>
    public static double Of(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (mean1, covariance1) = Gaussian(first.to(float64));
        var (mean2, covariance2) = Gaussian(second.to(float64));

        // Σ1 Σ2 has the eigenvalues of Σ1^½ Σ2 Σ1^½, which is symmetric; rounding makes some of them a little negative.
        var (values, vectors) = linalg.eigh(covariance1);
        var root = vectors.matmul(values.clamp(min: 0).sqrt().diag()).matmul(vectors.t());
        var shared = linalg.eigvalsh(root.matmul(covariance2).matmul(root)).clamp(min: 0).sqrt().sum();
        var distance = (mean1 - mean2).square().sum() + covariance1.trace() + covariance2.trace() - (2 * shared);
        return Math.Max(0, distance.item<double>());
    }

    private static (Tensor Mean, Tensor Covariance) Gaussian(Tensor features)
    {
        var mean = features.mean([0]);
        var centred = features - mean;
        return (mean, centred.t().matmul(centred) / (features.shape[0] - 1));
    }
}
