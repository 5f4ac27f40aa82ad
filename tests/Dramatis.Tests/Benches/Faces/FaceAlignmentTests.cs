using Dramatis.Benches.Faces;
using Dramatis.Pictures;

namespace Dramatis.Tests.Benches.Faces;

public sealed class FaceAlignmentTests
{
    private static readonly (double X, double Y)[] Template = [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)];

    [Fact]
    public void A_face_that_is_where_the_template_has_it_stays()
    {
        var picture = Gradient(112);

        Assert.Equal(picture.ToRgb(), FaceAlignment.Align(picture, Template, 112).ToRgb());
    }

    [Fact]
    public void A_face_on_its_side_is_turned_upright_and_moved()
    {
        // A quarter turn about (60, 60), then moved by (4, 8).
        (double X, double Y)[] turned = [.. Template.Select(point => (60 - (point.Y - 60) + 4, 60 + (point.X - 60) + 8))];
        var picture = Gradient(160);

        var aligned = FaceAlignment.Align(picture, turned, 112);

        foreach (var (x, y) in new[] { (20, 40), (56, 70), (90, 100) })
        {
            // The middle of pixel (x, y) comes from that of (123 - y, x + 8).
            Assert.Equal(picture.Crop(new(123 - y, x + 8, 124 - y, x + 9)).ToRgb(), aligned.Crop(new(x, y, x + 1, y + 1)).ToRgb());
        }
    }

    private static Picture Gradient(int side)
    {
        var picture = Picture.Filled(side, side, Rgb.Black);
        for (var i = 0; i < side * side; i++)
        {
            (picture.Rgba[4 * i], picture.Rgba[(4 * i) + 1]) = ((byte)(i % side), (byte)(i / side));
        }

        return picture;
    }
}
