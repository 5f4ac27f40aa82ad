using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
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

    /// <summary>Colours of all references, one after another.</summary>
    public required byte[] Pixels { get; init; }

    /// <summary>What each cell of each order counts in the mean, one order after another.</summary>
    public required float[] CellWeights { get; init; }

    /// <summary>Pixels along one side of a reference.</summary>
    public required int Side { get; init; }

    /// <summary>Of the words that are held in places, order by order; empty for none.</summary>
    public required IReadOnlyList<IReadOnlyList<TokenSpan>> Words { get; init; }

    /// <summary>The words in whose place pictures stand, by order and by token; no token twice.</summary>
    public required IReadOnlyList<ShownToken> Shown { get; init; }

    /// <summary>The pictures as often as they are shown, and their captions once as token ids.</summary>
    /// <param name="text">The captions encoded, where nothing learns to encode them.</param>
    /// <param name="device">Null is the processor. Another draws other noise.</param>
    public DenoisingBatch ToBatch(Tensor? text = null, Device? device = null)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(NoiseSeed, device ?? CPU);
        return new()
        {
            Latents = tensor(Latents, device: device).view([Orders.Count, .. LatentShape]).repeat_interleave(Draws, 0),
            Noise = randn([Orders.Count * Draws, .. LatentShape], generator: generator, device: device),
            Timesteps = tensor(Timesteps, device: device),
            Ids = Ids(device),
            Text = text,
            Weights = tensor(CellWeights, device: device).view(-1, 1, LatentShape[1], LatentShape[2]).repeat_interleave(Draws, 0),
        };
    }

    /// <summary>Token ids of the captions (B, L), all as long as the tokenizer pads.</summary>
    public Tensor Ids(Device? device = null) => TokenIds.Padded(Captions, Padding, device);

    /// <summary>The words that are held in places; null when no order has any.</summary>
    /// <param name="device">Null is the processor.</param>
    public BaseWords? ToWords(Device? device = null)
    {
        if (Words.All(spans => spans.Count == 0))
        {
            return null;
        }

        var length = Captions[0].Length;
        return BaseWords.Of(
            [.. Words.Zip(Orders, (spans, order) => spans.Zip(order.Words, (span, words) => (span, words.Place)).ToArray())],
            length,
            Shown.Count == 0 ? null : BaseShownWords.Of(Shown, Orders.Count, length, Side, Padding, device),
            device);
    }

    /// <summary>The references; null when no order has one.</summary>
    /// <param name="device">Null is the processor.</param>
    public BaseReferences? ToReferences(Device? device = null)
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
            Pixels = tensor(Pixels, device: device).view(-1, Side, Side, 3),
            Phrases = TokenIds.Padded(Phrases, Padding, device),
            Places = tensor(places.ToArray(), device: device).view(-1, 4),
            Slots = tensor(slots.ToArray(), device: device),
            Laid = [.. cast.Select(subject => subject.IsLaid)],
            LargestCast = largest,
        };
    }
}

/// <summary>A token in whose place a picture stands.</summary>
/// <param name="Order">Which of the batch's orders.</param>
/// <param name="Meaning">Token ids of the name that means the same, without padding.</param>
internal sealed record ShownToken(int Order, int Token, Picture Picture, int[] Meaning);
