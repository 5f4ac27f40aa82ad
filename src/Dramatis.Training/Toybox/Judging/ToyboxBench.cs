using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Toybox.Judging;

/// <summary>Paints orders and judges the pictures: whether the right subjects stand at the right places on the right ground.</summary>
/// <remarks>The candidates that a subject is compared with depend on the seed and the order alone, so painters can be compared.</remarks>
internal sealed class ToyboxBench
{
    private const uint Stream = 0x3ED6;
    private const int MostSubjects = 16;

    private readonly SubjectBank bank;
    private readonly ulong seed;
    private readonly SubjectJudge subjects;
    private readonly SceneJudge scenes;

    /// <param name="kind">The scenes that orders are of; null for usual ones.</param>
    internal ToyboxBench(SubjectBank bank, ulong seed, SceneOptions? kind = null)
    {
        this.bank = bank;
        this.seed = seed;
        subjects = new(bank);
        scenes = new(bank, kind);
    }

    /// <param name="orders">Orders with places, by name, or both.</param>
    /// <param name="paint">One picture for each order, in the same order.</param>
    /// <param name="rebuild">The VAE's reconstruction of a picture, of the same size; null leaves those figures out.</param>
    internal ToyboxBenchResult Run(
        IReadOnlyList<ToyboxOrder> orders,
        Func<IReadOnlyList<ToyboxOrder>, IReadOnlyList<Picture>> paint,
        Func<Picture, Picture>? rebuild = null)
    {
        var rebuilt = rebuild is null ? null : orders.Select(order => rebuild(order.Composed)).ToArray();
        return new()
        {
            Seed = seed,
            Painted = Judge(orders, paint(orders)),
            Composed = Judge(orders, [.. orders.Select(order => order.Composed)]),
            Rebuilt = rebuilt is null ? null : Judge(orders, rebuilt),
            Autoencoder = rebuilt is null ? null : RebuiltFigures.Of(orders.Zip(rebuilt, (order, picture) => (order.Composed, picture, order.Inside))),
        };
    }

    /// <summary>Judges one picture.</summary>
    internal JudgedPicture Judge(ToyboxOrder order, Picture picture) => new(
        order,
        picture,
        scenes.KindOf(picture, [.. order.Subjects.Select(subject => subject.Place)]) == order.Background,
        order.Named is { } named
            ? [JudgeNamed(order, picture, named.Subject)]
            : [.. order.Subjects.Index().Select(subject => JudgePlace(order, picture, subject.Index))])
    {
        EdgesKept = order.IsAnywhere || order.Subjects.Count == 0 ? null : RebuiltFigures.EdgesKeptIn(order.Composed, picture, order.Inside),
    };

    private JudgedSet Judge(IReadOnlyList<ToyboxOrder> orders, IReadOnlyList<Picture> pictures) =>
        new([.. orders.Zip(pictures, Judge)]);

    private JudgedPlace JudgeNamed(ToyboxOrder order, Picture picture, int named)
    {
        var candidates = subjects.DrawCandidates(named, [], bank.Seen, Random(order, 0));
        return Ranked(candidates, subjects.Distances(picture, SubjectJudge.Everywhere, candidates));
    }

    private JudgedPlace JudgePlace(ToyboxOrder order, Picture picture, int index)
    {
        var ordered = order.Subjects[index];
        var others = order.Subjects.Select(subject => subject.Subject).Where(subject => subject != ordered.Subject).ToArray();
        var candidates = subjects.DrawCandidates(ordered.Subject, others, bank.LikeIt(ordered.Subject), Random(order, index + 1));
        var windows = order.IsAnywhere ? SubjectJudge.Everywhere : Windows(ordered);
        var distances = subjects.Distances(picture, windows, candidates);
        var ranked = Ranked(candidates, distances);
        var window = subjects.NearestWindow(picture, windows, ordered.Subject);
        return ranked with
        {
            Error = subjects.SubjectError(picture, window, ordered.Subject),
            BoxIou = subjects.BoxIou(picture, window, ordered.Subject),
            Leak = others.Contains(ranked.Nearest),
            Missing = distances.Min() >= subjects.Distances(order.Empty, windows, candidates).Min(),
        };
    }

    // A loose place may be filled, or the subject may stand in it as loosely as training showed.
    private static IReadOnlyList<Box> Windows(ToyboxOrderSubject ordered)
    {
        var (place, tight) = (ordered.Place, ordered.Tight);
        return place == tight
            ? [place]
            :
            [
                place,
                new(
                    (place.Left + tight.Left) / 2,
                    (place.Top + tight.Top) / 2,
                    (place.Right + tight.Right) / 2,
                    (place.Bottom + tight.Bottom) / 2),
                tight,
            ];
    }

    // The ordered subject is the first candidate.
    private static JudgedPlace Ranked(IReadOnlyList<int> candidates, IReadOnlyList<double> distances) => new()
    {
        Subject = candidates[0],
        Nearest = candidates[distances.Index().MinBy(distance => distance.Item).Index],
        Rank = distances.Count(distance => distance < distances[0]),
        Distance = distances[0],
    };

    private StableRandom Random(ToyboxOrder order, int place) => new(seed, ((long)order.Seed * MostSubjects) + place, Stream);
}
