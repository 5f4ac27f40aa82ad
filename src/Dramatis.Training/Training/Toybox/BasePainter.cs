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

/// <summary>What tells a painter which subject stands in a place.</summary>
internal enum ToldBy
{
    /// <summary>A picture, through MS-Diffusion.</summary>
    Reference,

    /// <summary>The same without the collage: what a subject that the prior imagines looks like.</summary>
    Tokens,

    /// <summary>Words that are held in the place.</summary>
    Words,

    /// <summary>A picture in the place of those words, through FastComposer.</summary>
    ShownWords,
}

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
    public IReadOnlyList<Picture> Paint(IReadOnlyList<ToyboxOrder> orders, ToldBy told = ToldBy.Reference, int steps = ToyboxSizes.Steps) =>
        [.. orders.Chunk(RowsAtOnce).SelectMany(chunk => PaintChunk(chunk, told, steps))];

    // Negative rows come first; they have neither references nor words.
    private IReadOnlyList<Picture> PaintChunk(ToyboxOrder[] orders, ToldBy told, int steps)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var rows = orders.Length;
        string[] texts = [.. Enumerable.Repeat("", rows), .. orders.Select(order => order.Prompt)];
        var ids = TokenIds.Of([.. texts.Select(tokenizer.Encode)], compute.Device);
        using var references = told is ToldBy.Reference or ToldBy.Tokens ? References(orders, told) : null;
        using var words = told is ToldBy.Reference or ToldBy.Tokens ? null : Words(orders, told, (int)ids.shape[1]);
        var (text, _) = networks.Read(ids, words?.Shown);                                              // (2 B, L, E)
        using var session = references is not null ? networks.Open(references, 2 * rows)
            : words is not null ? networks.Hold(words)
            : ConditioningSession.None;
        return painter.Paint(run with { Steps = steps, Session = session }, new(text, null), [.. orders.Select(order => order.Seed)]);
    }

    private BaseReferences? References(ToyboxOrder[] orders, ToldBy told)
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
            Laid = [.. cast.Select(_ => told == ToldBy.Reference)],
            LargestCast = largest,
        };
    }

    private BaseWords Words(ToyboxOrder[] orders, ToldBy told, int length)
    {
        ToyboxOrder[] rows = [.. orders.Select(order => order with { Subjects = [] }), .. orders];
        var words = rows.Select(order => order.Subjects.Select(subject => (Span: SpanOf(order, subject), subject.Place)).ToArray()).ToArray();
        var shown = rows.Index().SelectMany(row => row.Item.Subjects.Zip(words[row.Index]).OrderBy(item => item.Second.Span.Start).Select(item =>
            new ShownToken(row.Index, item.Second.Span.End - 1, InShape(item.First), tokenizer.EncodeUnpadded(item.First.Phrase)))).ToArray();
        return BaseWords.Of(
            words,
            length,
            told == ToldBy.ShownWords
                ? BaseShownWords.Of(shown, rows.Length, length, networks.ImageEncoder.Config.Side, tokenizer.PaddingId, compute.Device)
                : null,
            compute.Device);
    }

    private TokenSpan SpanOf(ToyboxOrder order, ToyboxOrderSubject subject) => TokenSpan.Of(tokenizer, order.Prompt, order.PhraseOf(subject));

    // The bench's references are stretched to squares.
    private static Picture InShape(ToyboxOrderSubject subject) => ToyboxPictures.InShape(subject.Reference, subject.Tight);
}
