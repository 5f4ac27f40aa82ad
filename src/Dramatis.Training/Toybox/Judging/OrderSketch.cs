using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Toybox.Judging;

/// <summary>An order as a picture: each reference in its place, on a plain ground.</summary>
internal static class OrderSketch
{
    private static readonly Rgb Ground = new(226, 228, 232);
    private static readonly Rgb Outline = new(214, 40, 90);

    public static Picture Draw(ToyboxOrder order)
    {
        var sketch = Picture.Filled(order.Composed.Width, order.Composed.Height, Ground);
        foreach (var subject in order.Subjects)
        {
            var box = Pixels(subject.Place, sketch.Size);
            Paste(subject.Reference.Resize(new(box.Width, box.Height)), sketch, box);
            Frame(sketch, box);
        }

        return sketch;
    }

    private static PixelBox Pixels(Box place, PixelSize size)
    {
        var (left, right) = ((int)Math.Round(place.Left * size.Width), (int)Math.Round(place.Right * size.Width));
        var (top, bottom) = ((int)Math.Round(place.Top * size.Height), (int)Math.Round(place.Bottom * size.Height));
        return new(left, top, Math.Max(left + 1, right), Math.Max(top + 1, bottom));
    }

    private static void Paste(Picture picture, Picture sketch, PixelBox box)
    {
        for (var y = 0; y < box.Height; y++)
        {
            picture.Row(y).CopyTo(sketch.Row(box.Top + y)[(4 * box.Left)..]);
        }
    }

    private static void Frame(Picture sketch, PixelBox box)
    {
        for (var y = box.Top; y < box.Bottom; y++)
        {
            for (var x = box.Left; x < box.Right; x++)
            {
                if (y == box.Top || y == box.Bottom - 1 || x == box.Left || x == box.Right - 1)
                {
                    ReadOnlySpan<byte> colour = [Outline.Red, Outline.Green, Outline.Blue, 255];
                    colour.CopyTo(sketch.Row(y)[(4 * x)..]);
                }
            }
        }
    }
}
