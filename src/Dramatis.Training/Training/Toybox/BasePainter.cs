using Dramatis.Conditioning;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>Paints orders of the bench with networks that are still in training, many at a time.</summary>
internal sealed class BasePainter(BaseNetworks networks, ClipTokenizer tokenizer, AutoencoderKL vae, int pictureSide)
{
    private const int RowsAtOnce = 16;

    private readonly LatentRun run = new()
    {
        Size = new(pictureSide, pictureSide),
        Steps = ToyboxSizes.Steps,
        Sampler = SamplerKind.Ddim,
        Scheduler = ToyboxSizes.Scheduler,
        Guidance = ToyboxSizes.Guidance,
        GuidanceRescale = ToyboxSizes.GuidanceRescale,
    };

    private readonly Compute compute = Compute.Of(networks.UNet);
    private readonly LatentPainter painter = new(networks.UNet, vae, Compute.Of(networks.UNet));

    /// <param name="steps">Sampling steps. One shows what the denoiser makes of noise and conditions alone.</param>
    public IReadOnlyList<Picture> Paint(IReadOnlyList<ToyboxOrder> orders, int steps = ToyboxSizes.Steps) =>
        [.. orders.Chunk(RowsAtOnce).SelectMany(chunk => PaintChunk(chunk, steps))];

    private IReadOnlyList<Picture> PaintChunk(ToyboxOrder[] orders, int steps)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var rows = orders.Length;
        string[] texts = [.. Enumerable.Repeat("", rows), .. orders.Select(order => order.Prompt)];
        var text = networks.TextEncoder.forward(TokenIds.Padded([.. texts.Select(tokenizer.Encode)], tokenizer.PaddingId, compute.Device)).LastHiddenState;    // (2 B, L, E)
        using var references = References(orders);
        using var session = references is not null ? networks.Open(references, 2 * rows) : ConditioningSession.None;
        return painter.Paint(run with { Steps = steps, Session = session }, new(text, null), [.. orders.Select(order => order.Seed)]);
    }

    // Negative rows come first and have no references.
    private BaseReferences? References(ToyboxOrder[] orders)
    {
        var largest = orders.Max(order => order.Subjects.Count);
        if (largest == 0)
        {
            return null;
        }

        var cast = orders.SelectMany((order, row) => order.Subjects.Select((subject, i) => (subject, Slot: ((orders.Length + row) * (long)largest) + i))).ToArray();
        var side = networks.ImageEncoder.Config.Side;
        var pixels = cast.SelectMany(item => item.subject.Reference.ToRgb()).ToArray();
        var phrases = cast.Select(item => tokenizer.EncodeUnpadded(item.subject.Phrase)).ToArray();
        var places = cast.SelectMany(item => item.subject.Place.Numbers());
        return new()
        {
            Pixels = tensor(pixels, device: compute.Device).view(-1, side, side, 3),
            Phrases = TokenIds.Padded(phrases, tokenizer.PaddingId, compute.Device),
            Places = tensor(places.ToArray(), device: compute.Device).view(-1, 4),
            Slots = tensor(cast.Select(item => item.Slot).ToArray(), device: compute.Device),
            LargestCast = largest,
        };
    }
}
