using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Records;
using static TorchSharp.torch;

namespace Dramatis.Training.EasyRef;

/// <summary>Puts groups, noise and noise levels together. A batch depends on the numbers of its samples alone.</summary>
/// <param name="padded">Tokens that conversations are filled up to; null: to the longest.</param>
internal sealed class GroupBatches(
    IReadOnlyList<GroupRecord> records, PictureEncoder encoder, QwenChat chat, GroupOptions options, GroupAggregation aggregation, int timesteps, int? padded)
{
    private const uint Draws = 0xEA52;

    private readonly EpochOrder order = new(options.Seed, records.Count);
    private readonly GroupSampleMaker maker = new(options, path => PictureReader.Read(path));

    /// <param name="first">The first sample; samples are counted from the start of the training.</param>
    /// <exception cref="Errors.InvalidDataSetException">A text with its pictures is longer than the stage reads.</exception>
    public (DenoisingBatch Batch, GroupBatch Groups) Make(long first, int count)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var samples = Enumerable.Range(0, count).Select(i => Sample(first + i)).ToArray();
        var items = samples.Select((sample, i) => encoder.Draw(
            encoder.Encode(sample.Target.ToRgb(), sample.Target.Size, [.. sample.Frame], sample.Caption), new(options.Seed, first + i, Draws), timesteps, options.Noisiest));
        (IReadOnlyList<VisionPatches>, string)[] groups =
        [
            .. samples.Select(sample => (
                (IReadOnlyList<VisionPatches>)[.. sample.References.Select(reference => VisionPatches.Of(reference, options.ReferenceSide))],
                EasyRefConfig.Instruction + sample.Caption)),
        ];
        return (DenoisingBatch.Of([.. items]), GroupBatch.Of(groups, chat, aggregation, padded));
    }

    private GroupSample Sample(long number)
    {
        var record = records[order.At(number)];
        return maker.Make(record, GroupDraws.Of(options, record, number));
    }
}
