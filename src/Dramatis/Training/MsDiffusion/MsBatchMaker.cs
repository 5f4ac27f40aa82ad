using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>Puts records, noise and noise levels together. A batch depends on the numbers of its items alone.</summary>
/// <param name="cache">Null encodes every record each time.</param>
public sealed class MsBatchMaker(IReadOnlyList<MsRecord> records, MsEncoders encoders, MsBatchOptions options, MsEncodingCache? cache = null) : IDisposable
{
    private const uint Draws = 0x3D1F;
    private const uint Shuffles = 0x5A0E;

    private readonly Tensor noFeatures = encoders.NoFeatures().DetachFromDisposeScope();
    private readonly (Tensor Text, Tensor? Pooled) noText = NoText(encoders);
    private volatile Epoch epoch = new(-1, []);

    /// <param name="first">The first item; items are counted from the start of the training.</param>
    public MsInputs Make(long first, int count)
    {
        using var scope = NewDisposeScope();
        var items = Enumerable.Range(0, count).Select(i => Item(first + i)).ToArray();
        var most = items.Max(item => item.Encoded.Places.shape[0]);
        var slots = items.SelectMany((item, row) => Enumerable.Range(0, (int)item.Encoded.Places.shape[0]).Select(i => (row * most) + i));
        return new()
        {
            Latents = Stack(item => item.Latents),
            Noise = Stack(item => item.Noise),
            Timesteps = tensor(items.Select(item => item.Timestep).ToArray()).MoveToOuterDisposeScope(),
            Text = Stack(item => item.Text),
            Added = noText.Pooled is null ? null : new(Stack(item => item.Pooled!), Stack(item => item.Encoded.Frame)),
            Features = Join(item => item.Features),
            Phrases = Join(item => item.Encoded.Phrases),
            Places = Join(item => item.Encoded.Places),
            Ungrounded = Join(item => full(item.Encoded.Places.shape[0], item.Drops.Grounding, ScalarType.Bool)),
            Slots = tensor(slots.ToArray()).MoveToOuterDisposeScope(),
            LargestCast = (int)most,
        };

        Tensor Stack(Func<BatchItem, Tensor> of) => stack([.. items.Select(of)]).MoveToOuterDisposeScope();

        Tensor Join(Func<BatchItem, Tensor> of) => cat([.. items.Select(of)]).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        noFeatures.Dispose();
        noText.Text.Dispose();
        noText.Pooled?.Dispose();
    }

    private BatchItem Item(long number)
    {
        var record = records[Shuffled(number / records.Count)[(int)(number % records.Count)]];
        var random = new StableRandom(options.Seed, number, Draws);
        var drops = MsDrops.From(random.NextDouble(), random.NextDouble());
        var timestep = (long)random.Below(options.Timesteps);
        var encoded = cache?.Get(record, Encode) ?? Encode();

        using var generator = new Generator(random.NextBits(), CPU);
        var vae = encoders.Model.Vae;
        var latents = encoded.Mean + (encoded.Deviation * randn(encoded.Mean.shape, generator: generator));
        return new(
            encoded,
            drops,
            timestep,
            vae.ToModel(latents),
            randn(encoded.Mean.shape, generator: generator),
            drops.Text ? noText.Text : encoded.Text,
            drops.Text ? noText.Pooled : encoded.Pooled,
            drops.Images ? noFeatures.expand(encoded.Places.shape[0], -1, -1) : encoded.Features);

        MsEncoded Encode() => encoders.Encode(MsSample.Make(record, options.Side, encoders.Vision.Side, encoders.Model.Tokenizer));
    }

    // Every record once an epoch, in an order of its own.
    private int[] Shuffled(long number)
    {
        var current = epoch;
        if (current.Number != number)
        {
            var order = Enumerable.Range(0, records.Count).ToArray();
            new StableRandom(options.Seed, number, Shuffles).Shuffle<int>(order);
            epoch = current = new(number, order);
        }

        return current.Order;
    }

    private static (Tensor Text, Tensor? Pooled) NoText(MsEncoders encoders)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (text, pooled) = encoders.Text("");
        return (text.squeeze(0).DetachFromDisposeScope(), pooled?.squeeze(0).DetachFromDisposeScope());
    }

    private sealed record Epoch(long Number, int[] Order);

    private sealed record BatchItem(
        MsEncoded Encoded, MsDrops Drops, long Timestep, Tensor Latents, Tensor Noise, Tensor Text, Tensor? Pooled, Tensor Features);
}

/// <summary>What batches have in common.</summary>
/// <param name="Seed">Of order, drops, noise and noise levels.</param>
/// <param name="Side">Pixels along one side of a picture.</param>
/// <param name="Timesteps">Number of noise levels.</param>
public sealed record MsBatchOptions(ulong Seed, int Side, int Timesteps);
