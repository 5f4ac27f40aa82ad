using Dramatis.Tensors;

namespace Dramatis.Training.EasyRef;

/// <summary>What is drawn for one sample.</summary>
internal sealed record GroupDraws
{
    private const uint Draws = 0xEA51;

    /// <summary>Which of the captions.</summary>
    public int Text { get; init; }

    /// <summary>References in the order in which they are shown.</summary>
    public required IReadOnlyList<int> Order { get; init; }

    /// <summary>How many of those stay; null: as many as may.</summary>
    public int? Kept { get; init; }

    /// <summary>In [0, 1): what is left out.</summary>
    public required double Drop { get; init; }

    /// <summary>How much of its side the square around a face grows by.</summary>
    public double Growth { get; init; }

    /// <summary>A face's left and right are exchanged.</summary>
    public bool Mirror { get; init; }

    /// <param name="number">Of the sample, from the start of the training.</param>
    public static GroupDraws Of(GroupOptions options, GroupRecord record, long number)
    {
        var random = new StableRandom(options.Seed, number, Draws);
        var (text, drop, growth, mirror) = (random.NextDouble(), random.NextDouble(), random.Below(FaceCrop.Growths), random.Chance(.5));
        var isCut = random.Chance(options.Truncate);
        var order = Enumerable.Range(0, record.References.Count).ToArray();
        var count = Math.Min(order.Length, options.MostReferences);
        var kept = isCut && count > 2 ? 2 + random.Below(count - 2) : null as int?;
        if (!options.KeepOrder)
        {
            random.Shuffle<int>(order);
        }

        return new()
        {
            Text = (int)(text * Math.Max(1, record.Texts.Count)),
            Order = order,
            Kept = kept,
            Drop = drop,
            Growth = growth / 100.0,
            Mirror = mirror,
        };
    }
}
