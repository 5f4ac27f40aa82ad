using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Draws references: a view of a subject, filling a small square picture, as the vision encoder gets it.</summary>
/// <param name="onScene">Share of references that are drawn on a scene; the others have a plain ground.</param>
/// <param name="onClutter">Share of the others that are drawn on a busy ground instead, as a photograph has.</param>
/// <param name="photographs">What all of them are drawn on instead; null for none.</param>
internal sealed class ReferenceMaker(
    SubjectBank bank, Backgrounds backgrounds, double onScene = .25, double onClutter = 0, PhotographGrounds? photographs = null)
{
    /// <summary>Drawn larger than needed, then the subject's box is taken: 1 pixel of the result is about 2 of these.</summary>
    private const double SubjectSide = 90;

    /// <summary>Up to so many pixels that is large enough.</summary>
    private const int UsualSide = 96;

    /// <summary>Room for a turned subject with the widest margins.</summary>
    private const int WorkSide = 160;

    private readonly Clutter clutter = new(bank, backgrounds);

    /// <summary>Draws what stands in a place of a scene, with as much around it as the place leaves.</summary>
    /// <param name="sameView">How likely it is turned and lit as in the scene; otherwise it stands the same way round only.</param>
    /// <returns>RGB bytes, row-major.</returns>
    public byte[] Draw(ScenePart part, double sameView, int side, StableRandom random)
    {
        var view = random.Chance(sameView) ? part.View : part.View.Again(random, bank.PicturesOf(part.Subject));
        return Draw(part.Subject, view, Margins.Between(part.Tight, part.Place), side, random);
    }

    /// <summary>Draws a subject into a square of <paramref name="side"/> pixels, stretched to it as the encoder's preparation does.</summary>
    /// <param name="margins">What is seen around the subject.</param>
    /// <returns>RGB bytes, row-major.</returns>
    public byte[] Draw(int subject, View view, Margins margins, int side, StableRandom random) => DrawBox(subject, view, margins, side, random).Rgb;

    /// <summary>The same in the shape of what is seen, as photographs are: its longer side has <paramref name="side"/> pixels.</summary>
    public Picture DrawInShape(int subject, View view, Margins margins, int side, StableRandom random)
    {
        var (rgb, box) = DrawBox(subject, view, margins, side, random);
        return ToyboxPictures.InShape(ToyboxPictures.From(rgb, side), box);
    }

    private (byte[] Rgb, Box Box) DrawBox(int subject, View view, Margins margins, int side, StableRandom random)
    {
        var scale = Math.Max(1, (side + UsualSide - 1) / UsualSide);
        var canvas = new Canvas(scale * WorkSide, scale * WorkSide);
        if (photographs is not null)
        {
            photographs.Paint(canvas, random);
        }
        else if (random.Chance(onScene))
        {
            backgrounds.Paint(backgrounds.PickGround(random), random, canvas);
        }
        else if (onClutter > 0 && random.Chance(onClutter))
        {
            clutter.Paint(canvas, random);
        }
        else
        {
            var grey = (byte)random.Between(150, 256);
            canvas.Fill(grey, grey, grey);
        }

        var cutout = bank.CutoutOf(subject, view);
        var box = margins.Around(canvas.Draw(cutout, view, canvas.Width / 2.0, canvas.Height / 2.0, scale * SubjectSide));
        return (Crop(canvas, box.Left, box.Top, box.Right, box.Bottom, side), box);
    }

    // Area average: each pixel of the result is the mean of what it covers.
    private static byte[] Crop(Canvas canvas, double left, double top, double right, double bottom, int side)
    {
        (left, top) = (Math.Max(0, left), Math.Max(0, top));
        (right, bottom) = (Math.Min(canvas.Width, right), Math.Min(canvas.Height, bottom));
        var columns = Spans(left, right, side);
        var rows = Spans(top, bottom, side);
        var narrow = new float[canvas.Height * side * 3];
        for (var y = (int)top; y < Math.Min(canvas.Height, (int)Math.Ceiling(bottom)); y++)
        {
            for (var x = 0; x < side; x++)
            {
                foreach (var (at, weight) in columns[x])
                {
                    for (var c = 0; c < 3; c++)
                    {
                        narrow[(((y * side) + x) * 3) + c] += weight * canvas.Rgb[(((y * canvas.Width) + at) * 3) + c];
                    }
                }
            }
        }

        var result = new byte[side * side * 3];
        for (var y = 0; y < side; y++)
        {
            for (var i = 0; i < side * 3; i++)
            {
                var sum = .5f;
                foreach (var (at, weight) in rows[y])
                {
                    sum += weight * narrow[(at * side * 3) + i];
                }

                result[(y * side * 3) + i] = (byte)Math.Clamp(sum, 0, 255);
            }
        }

        return result;
    }

    private static (int At, float Weight)[][] Spans(double from, double to, int count)
    {
        var spans = new (int, float)[count][];
        var step = (to - from) / count;
        for (var i = 0; i < count; i++)
        {
            var (start, end) = (from + (i * step), Math.Min(to, from + ((i + 1) * step)));    // rounding must not go past the edge
            var last = (int)Math.Ceiling(end);
            spans[i] = [.. Enumerable.Range((int)start, Math.Max(1, last - (int)start)).Select(at =>
                (at, (float)((Math.Min(at + 1, end) - Math.Max(at, start)) / step)))];
        }

        return spans;
    }
}
