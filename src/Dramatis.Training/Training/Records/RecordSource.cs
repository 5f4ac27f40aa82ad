using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.Records;

/// <summary>Which record a sample of a training is, and the noise that is drawn for it. Both depend on the sample's number alone.</summary>
internal sealed class RecordSource : IDisposable
{
    private const uint Draws = 0x3D1F;

    private readonly IReadOnlyList<TrainingRecord> records;
    private readonly PictureEncoder encoder;
    private readonly RecordBatchOptions options;
    private readonly (Tensor Text, Tensor? Pooled) noText;
    private readonly EpochOrder order;

    public RecordSource(IReadOnlyList<TrainingRecord> records, PictureEncoder encoder, RecordBatchOptions options)
    {
        (this.records, this.encoder, this.options, order) = (records, encoder, options, new(options.Seed, records.Count));
        var (text, pooled) = encoder.Text("");
        noText = (text.DetachFromDisposeScope(), pooled?.DetachFromDisposeScope());
    }

    public RecordBatchOptions Options => options;

    /// <summary>Every record once an epoch, in an order of its own.</summary>
    public TrainingRecord At(long number) => records[order.At(number)];

    /// <summary>What is drawn for a sample, in the order of the calls.</summary>
    public StableRandom RandomOf(long number) => new(options.Seed, number, Draws);

    /// <summary>Draws noise, and a picture from its posterior.</summary>
    public DenoisingItem Draw(EncodedPicture picture, StableRandom random, bool dropText) =>
        encoder.Draw(dropText ? picture with { Text = noText.Text, Pooled = noText.Pooled } : picture, random, options.Timesteps);

    public void Dispose()
    {
        noText.Text.Dispose();
        noText.Pooled?.Dispose();
    }
}

/// <summary>What batches have in common.</summary>
/// <param name="Seed">Of order, drops, noise and noise levels.</param>
/// <param name="Side">Pixels along one side of a picture.</param>
/// <param name="Timesteps">Number of noise levels.</param>
internal sealed record RecordBatchOptions(ulong Seed, int Side, int Timesteps);
