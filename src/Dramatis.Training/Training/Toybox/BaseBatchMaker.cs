using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Tokenizers;

namespace Dramatis.Training.Toybox;

/// <summary>Puts orders, latents, noise levels and token ids together. A batch depends on its arguments alone.</summary>
internal sealed class BaseBatchMaker(
    BaseOrderMaker orders,
    LatentPool pool,
    BaseRecipe recipe,
    ClipTokenizer tokenizer,
    BaseBatchShape shape)
{
    private const uint Stream = 0xBA7C;

    /// <param name="first">The first order; they are counted from the start of the training.</param>
    /// <param name="count">Orders; each is shown as often as the recipe says.</param>
    /// <param name="progress">How much of the training is done, from 0 to 1.</param>
    public BaseBatch Make(long first, int count, double progress)
    {
        var made = Enumerable.Range(0, count).Select(i => orders.Make(first + i)).ToArray();
        var size = (int)pool.Shape.Aggregate(1L, (product, side) => product * side);
        var latents = new float[count * size];
        var timesteps = new long[count * recipe.Draws];
        for (var i = 0; i < count; i++)
        {
            pool.Read(made[i].Scene, latents.AsSpan(i * size, size));
        }

        for (var i = 0; i < timesteps.Length; i++)
        {
            timesteps[i] = Timestep(new StableRandom(shape.Seed, (first * recipe.Draws) + i, Stream), progress);
        }

        var words = made.Select(SpansIn).ToArray();
        return new()
        {
            Orders = made,
            Latents = latents,
            Draws = recipe.Draws,
            LatentShape = pool.Shape,
            NoiseSeed = new StableRandom(shape.Seed, first, Stream + 1).NextBits(),
            Timesteps = timesteps,
            Captions = [.. made.Select(order => Padded(tokenizer.EncodeUnpadded(order.Caption)))],
            Phrases = [.. made.SelectMany(order => order.Cast).Select(subject => tokenizer.EncodeUnpadded(subject.Phrase))],
            Padding = shape.Padding,
            Pixels = Joined([.. made.SelectMany(order => order.Cast).Select(subject => subject.Reference)]),
            Words = words,
            Shown = [.. made.Zip(words).Index().SelectMany(item => ShownIn(item.Item.First, item.Item.Second, item.Index))],
            CellWeights = [.. made.SelectMany(WeightsOf)],
            Side = shape.Side,
        };
    }

    private IReadOnlyList<TokenSpan> SpansIn(BaseOrder order) => [.. order.Words.Select(item => TokenSpan.Of(tokenizer, order.Caption, item.Words))];

    // Two of one subject share their words.
    private IEnumerable<ShownToken> ShownIn(BaseOrder order, IReadOnlyList<TokenSpan> spans, int row) => order.Words.Zip(spans)
        .Where(item => item.First.Shown is not null && !item.Second.IsEmpty)
        .Select(item => new ShownToken(row, item.Second.End - 1, item.First.Shown!.Picture, tokenizer.EncodeUnpadded(item.First.Shown.Name)))
        .DistinctBy(token => token.Token)
        .OrderBy(token => token.Token);

    // Their mean over an order's cells is 1.
    private float[] WeightsOf(BaseOrder order)
    {
        var (rows, columns) = ((int)pool.Shape[1], (int)pool.Shape[2]);
        var weights = new float[rows * columns];
        Box[] places = [.. order.Cast.Select(subject => subject.Place), .. order.Words.Select(words => words.Place)];
        for (var i = 0; i < weights.Length; i++)
        {
            var (x, y) = (((i % columns) + .5) / columns, ((i / columns) + .5) / rows);
            weights[i] = places.Any(place => place.Contains(x, y)) ? (float)recipe.PlaceWeight : 1;
        }

        var mean = weights.Average();
        return [.. weights.Select(weight => weight / mean)];
    }

    private static byte[] Joined(byte[][] parts)
    {
        var all = new byte[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }

    private long Timestep(StableRandom random, double progress) => random.Chance(recipe.NoisiestAt(progress)) ? shape.Timesteps - 1
        : random.Chance(recipe.Noisier) ? (shape.Timesteps / 2) + random.Below(shape.Timesteps / 2)
        : random.Below(shape.Timesteps);

    private int[] Padded(int[] ids) => [.. ids, .. Enumerable.Repeat(shape.Padding, shape.CaptionLength - ids.Length)];
}

/// <summary>What batches have in common.</summary>
/// <param name="Seed">Of noise and noise levels.</param>
/// <param name="Timesteps">Number of noise levels.</param>
/// <param name="CaptionLength">What captions are padded to.</param>
/// <param name="Padding">The id that texts are padded with.</param>
/// <param name="Side">Pixels along one side of a reference.</param>
internal sealed record BaseBatchShape(ulong Seed, int Timesteps, int CaptionLength, int Padding, int Side);
