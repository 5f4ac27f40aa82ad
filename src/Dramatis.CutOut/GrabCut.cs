using Dramatis.Errors;
using Dramatis.Pictures;
using OpenCvSharp;

namespace Dramatis.CutOut;

/// <summary>Cuts out what differs from the border of a photograph (Rother et al., 2004, "GrabCut"), with OpenCV.</summary>
/// <remarks>The same picture gives the same mask. What touches the border over a long way may lose that part.</remarks>
public sealed class GrabCut : ICutOut
{
    private const int Rounds = 8;
    private const int BorderShare = 40;    // of the side, on each edge, that is ground for sure
    private const double LikelyShare = .45;    // of the sides, from the middle, where the subject probably is
    private const double LeastShare = .01;
    private const double MostShare = .95;
    private const double MostLikeness = .68;    // of the colours inside and outside: of a picture that the subject fills, only a piece is found
    private const double PartShare = .35;    // of the largest part, from which another is kept
    private const double HoleShare = .02;    // of the subject, up to which a hole is filled
    private const ulong Seed = 1;

    /// <inheritdoc/>
    /// <exception cref="InvalidRequestException">OpenCV's native library cannot be loaded here.</exception>
    public Picture? Mask(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var small = PictureGround.Reduced(picture);
        if (PictureGround.IsPlain(small))
        {
            return null;
        }

        try
        {
            return Cut(small) is { } mask ? mask.Resize(picture.Size, ResizeFilter.Bilinear) : null;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new InvalidRequestException(
                "cut_out", $"photographs cannot be cut out here, because OpenCV cannot be loaded ({e.GetBaseException().Message}); say none, or give masks.");
        }
    }

    private static Picture? Cut(Picture small)
    {
        var (width, height) = (small.Width, small.Height);
        using var image = Mat.FromPixelData(height, width, MatType.CV_8UC3, small.ToRgb());
        using var mask = Guess(width, height);
        using Mat ground = new(), subject = new();
        Cv2.SetTheRNG(Seed);
        Cv2.GrabCut(image, mask, default, ground, subject, Rounds, GrabCutModes.InitWithMask);
        using var inside = (mask & 1).ToMat();    // 1 and 3 are the subject, surely and probably
        using var whole = Whole(inside);
        var share = Cv2.CountNonZero(whole) / (double)(width * height);
        return share is < LeastShare or > MostShare || Colours.Likeness(small, whole) > MostLikeness ? null : ToPicture(whole);
    }

    // The border is ground; what lies far from the middle probably is.
    private static Mat Guess(int width, int height)
    {
        var mask = new Mat(height, width, MatType.CV_8UC1, new Scalar((double)GrabCutClasses.PR_BGD));
        var (middle, reach) = (new Point(width / 2, height / 2), new Size(width * LikelyShare, height * LikelyShare));
        Cv2.Ellipse(mask, middle, reach, 0, 0, 360, new Scalar((double)GrabCutClasses.PR_FGD), thickness: -1);
        var band = Math.Max(2, Math.Max(width, height) / BorderShare);
        Cv2.Rectangle(mask, new Rect(0, 0, width, height), new Scalar((double)GrabCutClasses.BGD), band * 2);    // half of it lies outside
        return mask;
    }

    // The largest part, those that are not much smaller, and what they enclose in small holes.
    private static Mat Whole(Mat inside)
    {
        using var opened = new Mat();
        using var kernel = Cv2.GetStructuringElement(MorphShapes.Ellipse, new Size(3, 3));
        Cv2.MorphologyEx(inside, opened, MorphTypes.Open, kernel);
        var whole = Parts(opened, (area, largest) => area >= PartShare * largest);
        var total = Cv2.CountNonZero(whole);
        using var outside = (Scalar.All(255) - whole).ToMat();
        using var holes = Parts(outside, (area, _) => area <= HoleShare * total);
        Cv2.BitwiseOr(whole, holes, whole);
        return whole;
    }

    // 255 where connected parts of a mask are kept by their number of pixels.
    private static Mat Parts(Mat mask, Func<int, int, bool> keeps)
    {
        using Mat labels = new(), stats = new(), centres = new();
        var count = Cv2.ConnectedComponentsWithStats(mask, labels, stats, centres);
        var areas = Enumerable.Range(1, count - 1).Select(label => stats.At<int>(label, (int)ConnectedComponentsTypes.Area)).ToArray();
        var kept = new Mat(mask.Rows, mask.Cols, MatType.CV_8UC1, Scalar.All(0));
        for (var i = 0; i < areas.Length; i++)
        {
            if (keeps(areas[i], areas.Max()))
            {
                using var part = new Mat();
                Cv2.Compare(labels, Scalar.All(i + 1), part, CmpTypes.EQ);
                kept.SetTo(Scalar.All(255), part);
            }
        }

        return kept;
    }

    private static Picture ToPicture(Mat mask)
    {
        using var soft = new Mat();
        Cv2.GaussianBlur(mask, soft, new Size(3, 3), 0);
        soft.GetArray(out byte[] grey);
        return Picture.FromRgb([.. grey.SelectMany(level => new[] { level, level, level })], new(mask.Cols, mask.Rows));
    }
}
