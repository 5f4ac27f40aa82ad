using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>The references of a batch, those that are there and no padding.</summary>
/// <remarks>Shapes: B orders, M references in all, at most n in one order, S pixels a side, P phrase tokens.</remarks>
internal sealed class BaseReferences : OwnedTensors
{
    /// <summary>Colours from 0 to 255 (M, S, S, 3).</summary>
    public required Tensor Pixels { get; init => field = Own(value); }

    /// <summary>Token ids (M, P), as long as the longest phrase.</summary>
    public required Tensor Phrases { get; init => field = Own(value); }

    /// <summary>Where each stands (M, 4).</summary>
    public required Tensor Places { get; init => field = Own(value); }

    /// <summary>For each reference (M): its order times n, plus its number in the order.</summary>
    public required Tensor Slots { get; init => field = Own(value); }

    /// <summary>Which of them are laid into their places too (M).</summary>
    public required IReadOnlyList<bool> Laid { get; init; }

    /// <summary>n.</summary>
    public required int LargestCast { get; init; }
}
