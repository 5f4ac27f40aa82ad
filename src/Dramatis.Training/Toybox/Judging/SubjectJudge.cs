using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Toybox.Judging;

/// <summary>Says which of many subjects a place of a picture shows, by colours alone: nothing in it is learned.</summary>
/// <remarks>
/// A subject's distance to a place is that of the nearest of its ten views (five turns, mirrored or not) at 24 x 24: the mean absolute
/// colour difference inside the view's alpha, minus half the correlation. May be used from several threads at once.
/// </remarks>
internal sealed class SubjectJudge(SubjectBank bank)
{
    /// <summary>How many subjects a place is compared with.</summary>
    public const int CandidateCount = 50;

    private const int Side = 24;
    private const int FineSide = 48;

    private static readonly double[] Shifts = [-.25, 0, .25];
    private static readonly double[] Scales = [.75, 1, 1.25];
    private static readonly double[] WindowSides = [.35, .5, .65];
    private const double WindowStep = .1;

    private readonly CandidateViews views = new(bank);

    /// <summary>Where a subject without a place is looked for: squares of three sizes all over the picture.</summary>
    public static IReadOnlyList<Box> Everywhere { get; } =
    [
        .. from side in WindowSides
           from row in Enumerable.Range(0, Steps(side))
           from column in Enumerable.Range(0, Steps(side))
           let left = column * WindowStep
           let top = row * WindowStep
           select new Box(left, top, left + side, top + side),
    ];

    /// <summary>The ordered subject, then those in <paramref name="others"/>, then other families of the split in random order.</summary>
    /// <returns><see cref="CandidateCount"/> subjects of different families, fewer when the split has fewer.</returns>
    public IReadOnlyList<int> DrawCandidates(int ordered, IReadOnlyList<int> others, IReadOnlyList<int> split, StableRandom random)
    {
        int[] known = [ordered, .. others.Where(other => other != ordered)];
        var taken = known.Select(subject => bank.Subjects[subject].Family).ToHashSet(StringComparer.Ordinal);
        var families = split
            .GroupBy(subject => bank.Subjects[subject].Family, StringComparer.Ordinal)
            .Where(family => !taken.Contains(family.Key))
            .Select(family => family.ToArray())
            .ToArray();
        random.Shuffle<int[]>(families);
        return [.. known, .. families.Take(CandidateCount - known.Length).Select(family => random.Pick(family))];
    }

    /// <summary>The distance of each candidate to that window of the picture that is nearest to it.</summary>
    public IReadOnlyList<double> Distances(Picture picture, IReadOnlyList<Box> windows, IReadOnlyList<int> candidates)
    {
        var crops = windows.Select(window => PictureCrop.Of(picture, window, Side)).ToArray();
        return [.. candidates.Select(candidate => crops.Min(crop => Distance(crop, candidate)))];
    }

    /// <summary>The window that is nearest to a subject.</summary>
    public Box NearestWindow(Picture picture, IReadOnlyList<Box> windows, int subject) =>
        windows.Count == 1 ? windows[0] : windows.MinBy(window => Distance(PictureCrop.Of(picture, window, Side), subject));

    /// <summary>How far the colours at a place are from the subject's view that is nearest: 0 to 1, at 48 x 48.</summary>
    public double SubjectError(Picture picture, Box place, int subject)
    {
        var crop = PictureCrop.Of(picture, place, Side);
        var (nearest, _) = views.Of(subject, Side).Index().MinBy(view => view.Item.DistanceTo(crop));
        return views.Of(subject, FineSide)[nearest].ColourErrorTo(PictureCrop.Of(picture, place, FineSide));
    }

    /// <summary>Looks for the subject around its place, shifted and scaled.</summary>
    /// <returns>Intersection over union of the place and the box where the subject is nearest.</returns>
    public double BoxIou(Picture picture, Box place, int subject)
    {
        var found = Around(place).MinBy(box => Distance(PictureCrop.Of(picture, box, Side), subject));
        return place.Iou(found);
    }

    private double Distance(PictureCrop crop, int subject)
    {
        var least = double.PositiveInfinity;
        foreach (var view in views.Of(subject, Side))
        {
            least = Math.Min(least, view.DistanceTo(crop));
        }

        return least;
    }

    private static IEnumerable<Box> Around(Box place) =>
        from scale in Scales
        from right in Shifts
        from down in Shifts
        let halfWidth = scale * place.Width / 2
        let halfHeight = scale * place.Height / 2
        let x = ((place.Left + place.Right) / 2) + (right * place.Width)
        let y = ((place.Top + place.Bottom) / 2) + (down * place.Height)
        where x > 0 && x < 1 && y > 0 && y < 1
        select new Box(
            Math.Max(0, x - halfWidth), Math.Max(0, y - halfHeight), Math.Min(1, x + halfWidth), Math.Min(1, y + halfHeight));

    private static int Steps(double side) => (int)(((1 - side) / WindowStep) + 1e-9) + 1;
}
