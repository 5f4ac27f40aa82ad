using Dramatis.Conditioning;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>A batch as the networks take it.</summary>
/// <remarks>
/// Shapes: B samples, C x h x w latents, L text tokens, E text width, M subjects in all, at most n in one sample, T features of width F,
/// P phrase width. There is no padding: a subject without a place adds nothing, and so none stands in for it.
/// </remarks>
public sealed record MsInputs
{
    /// <summary>Clean latents as the denoiser sees them (B, C, h, w).</summary>
    public required Tensor Latents { get; init; }

    /// <summary>Unit Gaussian noise (B, C, h, w).</summary>
    public required Tensor Noise { get; init; }

    /// <summary>Noise levels (B), whole numbers from 0.</summary>
    public required Tensor Timesteps { get; init; }

    /// <summary>(B, L, E)</summary>
    public required Tensor Text { get; init; }

    /// <summary>SDXL's; null for others.</summary>
    public AddedConditions? Added { get; init; }

    /// <summary>(M, T, F)</summary>
    public required Tensor Features { get; init; }

    /// <summary>(M, P)</summary>
    public required Tensor Phrases { get; init; }

    /// <summary>(M, 4)</summary>
    public required Tensor Places { get; init; }

    /// <summary>True (M) for subjects with learned queries.</summary>
    public required Tensor Ungrounded { get; init; }

    /// <summary>For each subject (M): its sample times n, plus its number in the sample.</summary>
    public required Tensor Slots { get; init; }

    /// <summary>n.</summary>
    public required int LargestCast { get; init; }
}
