using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>A batch of orders as tensors.</summary>
/// <remarks>
/// Shapes: B orders, C x h x w latents, L caption tokens, M references in all, at most n in one order, S pixels a side, P phrase tokens.
/// </remarks>
internal sealed record BaseInputs
{
    /// <summary>Clean latents (B, C, h, w).</summary>
    public required Tensor Latents { get; init; }

    /// <summary>Unit Gaussian noise (B, C, h, w).</summary>
    public required Tensor Noise { get; init; }

    /// <summary>Noise levels (B), whole numbers from 0.</summary>
    public required Tensor Timesteps { get; init; }

    /// <summary>Token ids (B, L), all as long as the tokenizer pads.</summary>
    public required Tensor Captions { get; init; }

    /// <summary>What each cell counts (B, 1, h, w), with a mean of 1 in each order; null counts all alike.</summary>
    public Tensor? Weights { get; init; }

    /// <summary>Null when no order of the batch has a reference.</summary>
    public BaseReferences? References { get; init; }
}

/// <summary>The references of a batch, those that are there and no padding.</summary>
internal sealed record BaseReferences
{
    /// <summary>Colours from 0 to 255 (M, S, S, 3).</summary>
    public required Tensor Pixels { get; init; }

    /// <summary>Token ids (M, P), as long as the longest phrase.</summary>
    public required Tensor Phrases { get; init; }

    /// <summary>Where each stands (M, 4).</summary>
    public required Tensor Places { get; init; }

    /// <summary>For each reference (M): its order times n, plus its number in the order.</summary>
    public required Tensor Slots { get; init; }

    /// <summary>n.</summary>
    public required int LargestCast { get; init; }
}
