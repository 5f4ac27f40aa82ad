using System.Numerics;
using Dramatis.Pictures;

namespace Dramatis.Benches.Faces;

/// <summary>Sets a face upright, as networks that tell faces apart are trained on them (ArcFace, Deng et al., 2019).</summary>
internal static class FaceAlignment
{
    private const int TemplateSide = 112;

    // Where eyes, nose and corners of the mouth are in ArcFace's crop of 112 pixels.
    private static readonly Complex[] Template =
        [new(38.2946, 51.6963), new(73.5318, 51.5014), new(56.0252, 71.7366), new(41.5493, 92.3655), new(70.7299, 92.2041)];

    /// <summary>The face in a square of a side, turned, scaled and moved; what lies outside of the picture is black.</summary>
    /// <param name="points">Left eye, right eye, nose, left and right corner of the mouth.</param>
    public static Picture Align(Picture picture, IReadOnlyList<(double X, double Y)> points, int side)
    {
        // From the crop to the picture: p = turn * (q - middle of the template) + middle of the points, by least squares.
        Complex[] found = [.. points.Select(point => new Complex(point.X, point.Y))];
        var (from, to) = (Mean(Template), Mean(found));
        var turn = Template.Zip(found, (q, p) => (p - to) * Complex.Conjugate(q - from)).Aggregate((sum, item) => sum + item)
            / Template.Sum(q => ((q - from) * Complex.Conjugate(q - from)).Real);
        var aligned = Picture.Filled(side, side, Rgb.Black);
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var q = new Complex(x + .5, y + .5) * TemplateSide / side;
                var p = (turn * (q - from)) + to;
                Mix(picture, p.Real - .5, p.Imaginary - .5, aligned.Row(y).Slice(4 * x, 3));
            }
        }

        return aligned;
    }

    private static Complex Mean(Complex[] points) => points.Aggregate((sum, point) => sum + point) / points.Length;

    // Bilinear.
    private static void Mix(Picture picture, double x, double y, Span<byte> colour)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (across, down) = (x - left, y - top);
        for (var c = 0; c < colour.Length; c++)
        {
            var above = ((1 - across) * At(left, top, c)) + (across * At(left + 1, top, c));
            var below = ((1 - across) * At(left, top + 1, c)) + (across * At(left + 1, top + 1, c));
            colour[c] = (byte)Math.Round(((1 - down) * above) + (down * below));
        }

        double At(int column, int row, int c) =>
            column >= 0 && row >= 0 && column < picture.Width && row < picture.Height ? picture.Row(row)[(4 * column) + c] : 0;
    }
}
