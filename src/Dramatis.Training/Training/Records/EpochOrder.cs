using Dramatis.Tensors;

namespace Dramatis.Training.Records;

/// <summary>Which item of a data set a sample of a training is: every item once an epoch, in an order of its own.</summary>
/// <param name="count">Of items.</param>
internal sealed class EpochOrder(ulong seed, int count)
{
    private const uint Shuffles = 0x5A0E;

    private volatile Epoch epoch = new(-1, []);

    /// <param name="number">Of the sample, from the start of the training.</param>
    public int At(long number) => Shuffled(number / count)[(int)(number % count)];

    private int[] Shuffled(long number)
    {
        var current = epoch;
        if (current.Number != number)
        {
            var order = Enumerable.Range(0, count).ToArray();
            new StableRandom(seed, number, Shuffles).Shuffle<int>(order);
            epoch = current = new(number, order);
        }

        return current.Order;
    }

    private sealed record Epoch(long Number, int[] Order);
}
