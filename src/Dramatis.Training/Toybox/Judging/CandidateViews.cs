using System.Collections.Concurrent;

namespace Dramatis.Toybox.Judging;

/// <summary>The views that subjects are looked for in: five turns, each mirrored too. Drawn when first asked for, then kept.</summary>
internal sealed class CandidateViews(SubjectBank bank)
{
    private const int DrawnSide = 72;      // longer side of a subject, before it is turned and brought to the wanted size
    private const int CanvasSide = 112;

    private static readonly double[] Turns = [-12, -6, 0, 6, 12];

    private readonly ConcurrentDictionary<(int Subject, int Side), CandidateView[]> views = new();

    public IReadOnlyList<CandidateView> Of(int subject, int side) =>
        views.GetOrAdd((subject, side), key => Draw(bank.Cutouts[key.Subject], key.Side));

    private static CandidateView[] Draw(Cutout cutout, int side)
    {
        var drawn = Turns.Select(turn => Draw(cutout, turn, side)).ToArray();
        return [.. drawn.Concat(drawn.Select(planes => Mirror(planes, side))).Select(planes => new CandidateView(planes))];
    }

    // Black and white grounds differ by what shines through: one minus the alpha.
    private static float[] Draw(Cutout cutout, double turn, int side)
    {
        var (black, white) = (new Canvas(CanvasSide, CanvasSide), new Canvas(CanvasSide, CanvasSide));
        white.Fill(255, 255, 255);
        var view = View.Plain with { Angle = turn };
        var tight = black.Draw(cutout, view, CanvasSide / 2.0, CanvasSide / 2.0, DrawnSide);
        white.Draw(cutout, view, CanvasSide / 2.0, CanvasSide / 2.0, DrawnSide);
        var rgba = new byte[CanvasSide * CanvasSide * 4];
        for (var i = 0; i < CanvasSide * CanvasSide; i++)
        {
            black.Rgb.AsSpan(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[(4 * i) + 3] = (byte)Math.Clamp(255 - white.Rgb[(3 * i) + 1] + black.Rgb[(3 * i) + 1], 0, 255);
        }

        return AreaAverage.Planes(rgba, CanvasSide, (tight.Left, tight.Top, tight.Right, tight.Bottom), side);
    }

    private static float[] Mirror(float[] planes, int side)
    {
        var mirrored = planes.ToArray();
        for (var row = 0; row < mirrored.Length; row += side)
        {
            mirrored.AsSpan(row, side).Reverse();
        }

        return mirrored;
    }
}
