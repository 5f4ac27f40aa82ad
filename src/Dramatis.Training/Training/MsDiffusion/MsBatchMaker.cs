using Dramatis.Training.Diffusion;
using Dramatis.Training.Records;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>Puts records, noise and noise levels together. A batch depends on the numbers of its items alone.</summary>
/// <param name="cache">Null encodes every record each time.</param>
internal sealed class MsBatchMaker(
    IReadOnlyList<TrainingRecord> records, MsEncoders encoders, RecordBatchOptions options, EncodingCache? cache = null) : IDisposable
{
    private readonly RecordSource source = new(records, encoders.Pictures, options);
    private readonly Tensor noFeatures = encoders.NoFeatures().DetachFromDisposeScope();

    /// <param name="first">The first item; items are counted from the start of the training.</param>
    public (DenoisingBatch Batch, MsReferences References) Make(long first, int count)
    {
        using var scope = NewDisposeScope();
        var items = Enumerable.Range(0, count).Select(i => Item(first + i)).ToArray();
        var most = items.Max(item => item.Encoded.Places.shape[0]);
        var slots = items.SelectMany((item, row) => Enumerable.Range(0, (int)item.Encoded.Places.shape[0]).Select(i => (row * most) + i));
        var references = new MsReferences
        {
            Features = Join(item => item.Features),
            Phrases = Join(item => item.Encoded.Phrases),
            Places = Join(item => item.Encoded.Places),
            Ungrounded = Join(item => full(item.Encoded.Places.shape[0], item.Drops.Grounding, ScalarType.Bool)),
            Slots = tensor(slots.ToArray()),
            LargestCast = (int)most,
        };
        return (DenoisingBatch.Of([.. items.Select(item => item.Picture)]), references);

        Tensor Join(Func<BatchItem, Tensor> of) => cat([.. items.Select(of)]);
    }

    public void Dispose()
    {
        noFeatures.Dispose();
        source.Dispose();
    }

    private BatchItem Item(long number)
    {
        var record = source.At(number);
        var random = source.RandomOf(number);
        var drops = MsDrops.From(random.NextDouble(), random.NextDouble());
        var encoded = cache is null ? Encode() : MsEncoded.From(cache.Get(record, () => Encode().Named()));
        return new(
            encoded,
            drops,
            source.Draw(encoded.Picture, random, drops.Text),
            drops.Images ? noFeatures.expand(encoded.Places.shape[0], -1, -1) : encoded.Features);

        MsEncoded Encode() => encoders.Encode(MsSample.Make(record, source.Options.Side, encoders.Vision.Side, encoders.Model.Tokenizer));
    }

    private sealed record BatchItem(MsEncoded Encoded, MsDrops Drops, DenoisingItem Picture, Tensor Features);
}
