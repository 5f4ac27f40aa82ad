using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>A batch of orders as plain values: made on any thread, turned into tensors where they are used.</summary>
internal sealed record BaseBatch
{
    public required IReadOnlyList<BaseOrder> Orders { get; init; }

    /// <summary>Latents of all orders, one after another.</summary>
    public required float[] Latents { get; init; }

    /// <summary>Channels, rows and columns of one order's latents.</summary>
    public required IReadOnlyList<long> LatentShape { get; init; }

    /// <summary>How often each order is shown, one time after another.</summary>
    public int Draws { get; init; } = 1;

    public required ulong NoiseSeed { get; init; }

    /// <summary>Of each time that an order is shown.</summary>
    public required long[] Timesteps { get; init; }

    /// <summary>Token ids of the captions, all of one length.</summary>
    public required IReadOnlyList<int[]> Captions { get; init; }

    /// <summary>Token ids of the phrases of all subjects with a reference, order by order, without padding.</summary>
    public required IReadOnlyList<int[]> Phrases { get; init; }

    /// <summary>What shorter phrases are filled up with.</summary>
    public required int Padding { get; init; }

    /// <summary>How much more a cell inside a place counts than one outside.</summary>
    public double PlaceWeight { get; init; } = 1;

    /// <summary>Pixels along one side of a reference.</summary>
    public required int Side { get; init; }

    /// <summary>The pictures as often as they are shown, and their captions once as token ids.</summary>
    /// <param name="text">The captions encoded, where nothing learns to encode them.</param>
    public DenoisingBatch ToBatch(Tensor? text = null)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(NoiseSeed, CPU);
        return new()
        {
            Latents = tensor(Latents).view([Orders.Count, .. LatentShape]).repeat_interleave(Draws, 0),
            Noise = randn([Orders.Count * Draws, .. LatentShape], generator: generator),
            Timesteps = tensor(Timesteps),
            Ids = Ids(),
            Text = text,
            Weights = Weights().repeat_interleave(Draws, 0),
        };
    }

    /// <summary>Token ids of the captions (B, L), all as long as the tokenizer pads.</summary>
    public Tensor Ids() => TokenIds.Padded(Captions, Padding);

    /// <summary>The references; null when no order has one.</summary>
    public BaseReferences? ToReferences()
    {
        if (Phrases.Count == 0)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var cast = Orders.SelectMany(order => order.Cast).ToArray();
        var largest = Orders.Max(order => order.Cast.Count);
        var slots = Orders.SelectMany((order, row) => order.Cast.Select((_, i) => ((long)row * largest) + i));
        var places = cast.SelectMany(subject => subject.Place.Numbers());
        return new()
        {
            Pixels = tensor(cast.SelectMany(subject => subject.Reference).ToArray()).view(-1, Side, Side, 3),
            Phrases = TokenIds.Padded(Phrases, Padding),
            Places = tensor(places.ToArray()).view(-1, 4),
            Slots = tensor(slots.ToArray()),
            LargestCast = largest,
        };
    }

    private Tensor Weights()
    {
        var (rows, columns) = ((int)LatentShape[1], (int)LatentShape[2]);
        var weights = new float[Orders.Count * rows * columns];
        for (var i = 0; i < weights.Length; i++)
        {
            var (x, y) = (((i % columns) + .5) / columns, ((i / columns % rows) + .5) / rows);
            var inPlace = Orders[i / (rows * columns)].Cast.Any(subject => subject.Place.Contains(x, y));
            weights[i] = inPlace ? (float)PlaceWeight : 1;
        }

        var map = tensor(weights).view(-1, 1, rows, columns);
        return map / map.mean([1, 2, 3], keepdim: true);
    }
}
