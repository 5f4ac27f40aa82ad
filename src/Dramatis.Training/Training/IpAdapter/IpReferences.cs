using Dramatis.Conditioning;
using Dramatis.Methods.IpAdapter;
using Dramatis.Requests;
using static TorchSharp.torch;

namespace Dramatis.Training.IpAdapter;

/// <summary>What one sample shows of its subjects.</summary>
/// <param name="Features">What the encoder makes of each reference (n, C) or (n, L, C).</param>
/// <param name="Places">Where each acts; null for one reference that acts everywhere.</param>
/// <param name="IsDropped">Nothing is shown in the places.</param>
internal sealed record IpCast(Tensor Features, IReadOnlyList<Box>? Places, bool IsDropped)
{
    public int Count => (int)Features.shape[0];
}

/// <summary>The references of a batch.</summary>
/// <remarks>Shapes: B samples, M pictures, T tokens a picture, E token width.</remarks>
internal sealed class IpReferences : OwnedTensors
{
    private IpReferences(Tensor features, IReadOnlyList<IpSlot> slots)
    {
        (Features, Slots) = (Own(features), slots);
        foreach (var slot in slots)
        {
            Own(slot.Pictures);
        }
    }

    /// <summary>What the encoder makes of nothing, and of all pictures (1 + M, ...).</summary>
    public Tensor Features { get; }

    /// <summary>The first reference of each sample, the second, and so on.</summary>
    public IReadOnlyList<IpSlot> Slots { get; }

    /// <summary>There is at least one slot, so that every weight has a part in the loss.</summary>
    /// <param name="nothing">What stands for no picture (1, ...).</param>
    /// <param name="side">Pixels along one side of the picture that the places are of.</param>
    internal static IpReferences Of(Tensor nothing, IReadOnlyList<IpCast> casts, int side)
    {
        var shown = casts.Where(cast => !cast.IsDropped && cast.Count > 0).ToArray();
        var firsts = new Dictionary<IpCast, long>(ReferenceEqualityComparer.Instance);
        var next = 1L;
        foreach (var cast in shown)
        {
            firsts[cast] = next;
            next += cast.Count;
        }

        var slots = Enumerable.Range(0, Math.Max(1, casts.Max(cast => cast.Count))).Select(number => new IpSlot(
            tensor(casts.Select(cast => number < cast.Count && firsts.TryGetValue(cast, out var first) ? first + number : 0).ToArray()),
            casts[0].Places is null ? null : [.. casts.Select(cast => number < cast.Count ? RegionMask.Of(cast.Places![number], new(side, side)) : null)]));
        return new(cat([nothing, .. shown.Select(cast => cast.Features)]), [.. slots]);
    }

    /// <summary>Makes tokens of all pictures and opens a session on them.</summary>
    /// <param name="hasNegativeRows">Whether as many rows that are shown nothing come first.</param>
    public ConditioningSession Open(IpAdapterNetwork network, bool hasNegativeRows = false)
    {
        using var scope = NewDisposeScope();
        var tokens = network.forward(Features);                                     // (1 + M, T, E)
        return new ImageTokenSession([.. Slots.Select(slot => network.Show(tokens.index_select(0, Rows(slot)), region: Region(slot)))]);

        Tensor Rows(IpSlot slot) => hasNegativeRows ? cat([zeros_like(slot.Pictures), slot.Pictures]) : slot.Pictures;

        RegionRows? Region(IpSlot slot) => slot.Regions is not { } regions ? null : new(hasNegativeRows ? [.. regions, .. regions] : regions);
    }
}

/// <summary>One reference of each sample.</summary>
/// <param name="Pictures">Its number among the features (B); 0 is nothing.</param>
/// <param name="Regions">Where it acts (B), null for nowhere; or null for everywhere.</param>
internal sealed record IpSlot(Tensor Pictures, IReadOnlyList<RegionMask?>? Regions);
