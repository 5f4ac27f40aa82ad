using static TorchSharp.torch;

namespace Dramatis.Benches.Metrics;

/// <summary>How like its references, and its text, one painted picture is, by cosines of features; 1 is the same direction, none is clamped.</summary>
/// <param name="ClipT">Picture and prompt, in CLIP's space (Hessel et al., 2021, without the factor of 2.5).</param>
/// <param name="ClipI">Picture and references in CLIP's space, the mean over references.</param>
/// <param name="Dino">The same in DINO's space (Ruiz et al., 2023).</param>
/// <param name="MDino">Product over the references in DINO's space: one lost subject pulls it down (MS-Diffusion, section 4).</param>
internal sealed record FeatureScores(double ClipT, double ClipI, double Dino, double MDino)
{
    /// <param name="clip">CLIP embedding of the picture (E), its references (n, E) and its prompt (E).</param>
    /// <param name="dino">DINO feature of the picture (F) and its references (n, F).</param>
    public static FeatureScores Of((Tensor Picture, Tensor References, Tensor Text) clip, (Tensor Picture, Tensor References) dino)
    {
        using var scope = NewDisposeScope();
        var likeness = Cosines(dino.Picture, dino.References);
        return new(
            Cosines(clip.Picture, clip.Text).mean().item<double>(),
            Cosines(clip.Picture, clip.References).mean().item<double>(),
            likeness.mean().item<double>(),
            likeness.prod().item<double>());
    }

    /// <summary>Of each of some features (F) or (n, F) with each of others (F) or (m, F): (n, m), neither scaled nor clamped.</summary>
    public static Tensor Cosines(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        return Directions(left).matmul(Directions(right).t()).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of several pictures' scores.</summary>
    public static FeatureScores Mean(IReadOnlyCollection<FeatureScores> all) => new(
        all.Average(one => one.ClipT), all.Average(one => one.ClipI), all.Average(one => one.Dino), all.Average(one => one.MDino));

    /// <summary>DreamBench's fidelity: the mean over all pairs of a painted (n, F) and a real picture (m, F) of one subject.</summary>
    public static double MeanOfPairs(Tensor painted, Tensor real)
    {
        using var scope = NewDisposeScope();
        return Cosines(painted, real).mean().item<double>();
    }

    /// <summary>The mean over the unordered pairs of pictures (n, F), n at least 2: the lower, the more diverse they are.</summary>
    public static double MeanWithin(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        var all = Cosines(pictures, pictures);
        var count = all.shape[0];
        return (all.sum() - all.diag().sum()).item<double>() / (count * (count - 1));
    }

    private static Tensor Directions(Tensor features) =>
        nn.functional.normalize(features.to(float64).view(-1, features.shape[^1]), dim: -1);
}
