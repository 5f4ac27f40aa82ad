using Dramatis.Benches.Metrics;
using static TorchSharp.torch;

namespace Dramatis.Benches.MrBench;

/// <summary>How near a picture comes to its group, by cosines of features; 1 is the same direction. What no network was given for is null.</summary>
/// <remarks>Nothing of the published measurement but the names is known; these are the usual definitions of what it names.</remarks>
/// <param name="ClipITarget">Picture and target in CLIP's space.</param>
/// <param name="ClipIReferences">Picture and references in CLIP's space, the mean over references.</param>
/// <param name="ClipTRaw">Picture and prompt in CLIP's space.</param>
/// <param name="DinoITarget">As CLIP's, in DINO's space.</param>
/// <param name="DinoIReferences">As CLIP's, in DINO's space.</param>
internal sealed record MrScores(double? ClipITarget, double? ClipIReferences, double? ClipTRaw, double? DinoITarget, double? DinoIReferences)
{
    private const double TextWeight = 2.5;

    /// <summary>Picture and prompt as CLIPScore has it (Hessel et al., 2021, eq. 1): weighed by 2.5, not below 0.</summary>
    public double? ClipT => ClipTRaw is { } raw ? TextWeight * Math.Max(raw, 0) : null;

    /// <param name="clip">Features of the picture (F), the target (F), the references (n, F) and the prompt (F); or null.</param>
    /// <param name="dino">Features of the picture, the target and the references; or null.</param>
    public static MrScores Of((Tensor Picture, Tensor Target, Tensor References, Tensor Text)? clip, (Tensor Picture, Tensor Target, Tensor References)? dino)
    {
        using var scope = NewDisposeScope();
        return new(
            Mean(clip?.Picture, clip?.Target),
            Mean(clip?.Picture, clip?.References),
            Mean(clip?.Picture, clip?.Text),
            Mean(dino?.Picture, dino?.Target),
            Mean(dino?.Picture, dino?.References));
    }

    private static double? Mean(Tensor? picture, Tensor? others) =>
        picture is null || others is null ? null : FeatureScores.Cosines(picture, others).mean().item<double>();
}
