using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.TestKit;
using Dramatis.Toybox;

namespace Dramatis.Tests.Toybox.Judging;

public sealed class SubjectJudgeTests
{
    private const int Orders = 55;    // two subjects each: 110 crops
    private const double BlurRadius = 2.5;

    private static readonly IReadOnlyList<ToyboxOrder> Pairs = new ToyboxOrders(BenchBank.Bank, seed: 5).Make(2, Orders);

    [Fact]
    public void Subjects_of_composed_scenes_are_recognised()
    {
        var right = CountRight(order => order.Composed);

        Assert.InRange(right, 108, 2 * Orders);
    }

    [Slow]
    [Fact]
    public void Blurred_subjects_are_recognised()
    {
        var right = CountRight(order => Blur(order.Composed));

        Assert.InRange(right, 108, 2 * Orders);
    }

    [Fact]
    public void On_empty_scenes_the_judge_guesses()
    {
        var right = CountRight(order => order.Empty);

        Assert.InRange(right, 0, 8);    // 2.2 of 110 by chance; more than 8 once in two thousand times
    }

    private static int CountRight(Func<ToyboxOrder, Picture> show) => Pairs.Sum(order =>
    {
        var picture = show(order);
        return order.Subjects.Index().Count(subject => IsNearest(picture, order, subject.Index));
    });

    private static bool IsNearest(Picture picture, ToyboxOrder order, int index)
    {
        var random = new StableRandom(7, (order.Number * 10) + index);
        var ordered = order.Subjects[index];
        var candidates = BenchBank.Judge.DrawCandidates(
            ordered.Subject, [.. order.Subjects.Select(subject => subject.Subject)], BenchBank.Bank.HeldOut, random);
        var distances = BenchBank.Judge.Distances(picture, [ordered.Place], candidates);
        return distances.Skip(1).All(distance => distance > distances[0]);
    }

    // Gaussian, rows then columns, edges repeated.
    private static Picture Blur(Picture picture)
    {
        const int Reach = 8;
        var weights = Enumerable.Range(-Reach, (2 * Reach) + 1).Select(i => Math.Exp(-i * i / (2 * BlurRadius * BlurRadius))).ToArray();
        var result = picture;
        foreach (var (right, down) in new[] { (1, 0), (0, 1) })
        {
            var source = result;
            result = new(picture.Width, picture.Height);
            for (var i = 0; i < result.Rgba.Length; i++)
            {
                var (x, y) = (i / 4 % picture.Width, i / 4 / picture.Width);
                var sum = 0.0;
                for (var k = -Reach; k <= Reach; k++)
                {
                    var column = Math.Clamp(x + (k * right), 0, picture.Width - 1);
                    sum += weights[k + Reach] * source.Row(Math.Clamp(y + (k * down), 0, picture.Height - 1))[(4 * column) + (i % 4)];
                }

                result.Rgba[i] = (byte)(sum / weights.Sum());
            }
        }

        return result;
    }
}
