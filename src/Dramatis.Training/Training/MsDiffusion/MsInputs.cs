using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>A batch as the networks take it.</summary>
/// <remarks>
/// Shapes: B samples, M subjects in all, at most n in one sample, T features of width F, P phrase width.
/// There is no padding: a subject without a place adds nothing, and so none stands in for it.
/// </remarks>
internal sealed record MsInputs
{
    public required DenoisingInputs Picture { get; init; }

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

    /// <summary>Makes tokens of all references and opens a session on them.</summary>
    public ConditioningSession Open(MsDiffusionAdapter adapter)
    {
        using var scope = NewDisposeScope();
        var tokens = adapter.forward(Features, Phrases, Places, Ungrounded);    // (M, Q, E)
        return adapter.Open(tokens, Places, Slots, Picture.Latents.shape[0], LargestCast);
    }
}
