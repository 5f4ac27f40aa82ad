using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>The references of a batch.</summary>
/// <remarks>
/// Shapes: B samples, M subjects in all, at most n in one sample, T features of width F, P phrase width.
/// There is no padding: a subject without a place adds nothing, and so none stands in for it.
/// </remarks>
internal sealed class MsReferences : OwnedTensors
{
    /// <summary>(M, T, F)</summary>
    public required Tensor Features { get; init => field = Own(value); }

    /// <summary>(M, P)</summary>
    public required Tensor Phrases { get; init => field = Own(value); }

    /// <summary>(M, 4)</summary>
    public required Tensor Places { get; init => field = Own(value); }

    /// <summary>True (M) for subjects with learned queries.</summary>
    public required Tensor Ungrounded { get; init => field = Own(value); }

    /// <summary>For each subject (M): its sample times n, plus its number in the sample.</summary>
    public required Tensor Slots { get; init => field = Own(value); }

    /// <summary>n.</summary>
    public required int LargestCast { get; init; }

    /// <summary>Makes tokens of all references and opens a session on them.</summary>
    /// <param name="rows">B.</param>
    public ConditioningSession Open(MsDiffusionAdapter adapter, long rows)
    {
        using var scope = NewDisposeScope();
        var tokens = adapter.forward(Features, Phrases, Places, Ungrounded);    // (M, Q, E)
        return adapter.Open(tokens, Places, Slots, rows, LargestCast);
    }
}
