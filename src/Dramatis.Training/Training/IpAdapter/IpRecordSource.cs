using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.IpAdapter;

/// <summary>What a training on records works with.</summary>
internal sealed record IpRecordSetup
{
    public required IReadOnlyList<TrainingRecord> Records { get; init; }

    /// <summary>Belongs to the caller.</summary>
    public required BaseModel Model { get; init; }

    /// <summary>Belongs to the caller.</summary>
    public required ClipVisionEncoder Vision { get; init; }

    public required IpAdapterConfig Adapter { get; init; }

    /// <summary>Pixels along one side of a picture.</summary>
    public required int Side { get; init; }

    /// <summary>Of order, drops, noise and noise levels.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Each subject's reference acts in its place; otherwise the picture is its own reference and acts everywhere.</summary>
    public bool Regions { get; init; }

    public EncodingCache? Cache { get; init; }
}

/// <summary>Samples from records on disk.</summary>
internal sealed class IpRecordSource : IIpSource
{
    private const int Previews = 4;

    private readonly IpRecordSetup setup;
    private readonly PictureEncoder pictures;
    private readonly ReferenceEncoder references;
    private readonly RecordSource training;
    private readonly RecordSource exam;
    private readonly Tensor nothing;    // (1, ...)

    public IpRecordSource(IpRecordSetup setup)
    {
        this.setup = setup;
        pictures = new(setup.Model);
        references = new(setup.Vision, setup.Adapter);
        var options = new RecordBatchOptions(setup.Seed, setup.Side, new NoiseLevels(setup.Model.Scheduler).Alphas.Count);
        training = new(setup.Records, pictures, options);
        exam = new(setup.Records, pictures, options with { Seed = TrainingStage.ExamSeed });
        using var off = no_grad();
        nothing = references.EncodeNothing(1).DetachFromDisposeScope();
    }

    public IpInputs Make(long first, int count) => Make(training, first, count, number => ConditionDrops.From(number.NextDouble()));

    public IpInputs MakeExam(long first, int count) => Make(exam, first, count, _ => default);

    /// <summary>Paints a few records; a row of the sheet has a record's picture, what was painted of it and its references.</summary>
    public IReadOnlyDictionary<string, double> Judge(Func<IpPreview, IReadOnlyList<Picture>> paint, string sheet)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var records = Enumerable.Range(0, Math.Min(Previews, setup.Records.Count)).Select(i => exam.At(i)).ToArray();
        var samples = records.Select(record => IpSample.Make(record, setup.Side, setup.Regions)).ToArray();
        var encoded = records.Select(Encode).ToArray();
        using var shown = IpReferences.Of(nothing, [.. encoded.Select(item => item.ToCast(isDropped: false))], setup.Side);
        var painted = paint(new(
            stack([.. encoded.Select(item => item.Picture.Text)]),
            encoded[0].Picture.Pooled is null ? null : stack([.. encoded.Select(item => item.Picture.Pooled!)]),
            shown,
            setup.Side,
            [.. records.Select(record => (ulong)record.Line)]));
        PictureWriter.WritePng(sheet, SampleSheet.Grid([.. samples.Zip(painted, Row)]));
        return new Dictionary<string, double>();
    }

    public void Dispose()
    {
        training.Dispose();
        exam.Dispose();
        nothing.Dispose();
    }

    private IpInputs Make(RecordSource source, long first, int count, Func<StableRandom, ConditionDrops> drop)
    {
        using var scope = NewDisposeScope();
        var items = Enumerable.Range(0, count).Select(i =>
        {
            var random = source.RandomOf(first + i);
            var drops = drop(random);
            var encoded = Encode(source.At(first + i));
            return (Picture: source.Draw(encoded.Picture, random, drops.Text), Cast: encoded.ToCast(drops.Images));
        }).ToArray();
        return new(
            DenoisingBatch.Of([.. items.Select(item => item.Picture)]),
            IpReferences.Of(nothing, [.. items.Select(item => item.Cast)], setup.Side));
    }

    private IpEncoded Encode(TrainingRecord record)
    {
        return setup.Cache is null ? Made() : IpEncoded.From(setup.Cache.Get(record, () => Made().Named()));

        IpEncoded Made()
        {
            using var off = no_grad();
            var sample = IpSample.Make(record, setup.Side, setup.Regions);
            return new(
                pictures.Encode(sample.Picture, sample.Text),
                references.Encode(sample.References),
                sample.Places is { } places ? tensor(places.SelectMany(place => place.Numbers()).ToArray()).view(-1, 4) : null);
        }
    }

    private List<Picture> Row(IpSample sample, Picture painted)
    {
        var side = setup.Vision.Config.Side;
        return
        [
            Picture.FromRgb(sample.Picture.Rgb, new(sample.Picture.Side, sample.Picture.Side)),
            painted,
            .. sample.References.Select(reference => Picture.FromRgb(ReferenceEncoder.Prepare(reference, side, setup.Adapter.Fit), new PixelSize(side, side))),
        ];
    }
}
