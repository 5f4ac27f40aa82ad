using Dramatis.Tensors;

namespace Dramatis.Training.Toybox;

/// <summary>Puts orders, latents, noise levels and token ids together. A batch depends on its arguments alone.</summary>
/// <param name="encode">A text's token ids with start and end, without padding, cut to the largest length.</param>
internal sealed class BaseBatchMaker(
    BaseOrderMaker orders,
    LatentPool pool,
    BaseRecipe recipe,
    Func<string, int[]> encode,
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

        return new()
        {
            Orders = made,
            Latents = latents,
            Draws = recipe.Draws,
            LatentShape = pool.Shape,
            NoiseSeed = new StableRandom(shape.Seed, first, Stream + 1).NextBits(),
            Timesteps = timesteps,
            Captions = [.. made.Select(order => Padded(encode(order.Caption)))],
            Phrases = [.. made.SelectMany(order => order.Cast).Select(subject => encode(subject.Phrase))],
            Padding = shape.Padding,
            Pixels = Joined([.. made.SelectMany(order => order.Cast).Select(subject => subject.Reference)]),
            CellWeights = [.. made.SelectMany(WeightsOf)],
            Side = shape.Side,
        };
    }

    // Their mean over an order's cells is 1.
    private float[] WeightsOf(BaseOrder order)
    {
        var (rows, columns) = ((int)pool.Shape[1], (int)pool.Shape[2]);
        var weights = new float[rows * columns];
        for (var i = 0; i < weights.Length; i++)
        {
            var (x, y) = (((i % columns) + .5) / columns, ((i / columns) + .5) / rows);
            weights[i] = order.Cast.Any(subject => subject.Place.Contains(x, y)) ? (float)recipe.PlaceWeight : 1;
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
