using Dramatis.Pictures;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>Which pixels of a picture a subject covers.</summary>
/// <param name="Pixels">Row by row.</param>
internal sealed record SubjectMask(PixelSize Size, bool[] Pixels)
{
    /// <summary>The share of a box that is covered; 0 for a box without a whole pixel.</summary>
    public double FillOf(PixelBox box)
    {
        var covered = 0;
        for (var y = box.Top; y < box.Bottom; y++)
        {
            covered += Pixels.AsSpan((y * Size.Width) + box.Left, Math.Max(0, box.Width)).Count(true);
        }

        return box is { Width: > 0, Height: > 0 } ? (double)covered / ((long)box.Width * box.Height) : 0;
    }

    /// <summary>White where the subject is, black elsewhere.</summary>
    public Picture ToPicture()
    {
        var picture = Picture.Filled(Size.Width, Size.Height, Rgb.Black);
        for (var i = 0; i < Pixels.Length; i++)
        {
            if (Pixels[i])
            {
                picture.Rgba.AsSpan(4 * i, 3).Fill(255);
            }
        }

        return picture;
    }

    /// <summary>The subject on black, as a training of MS-Diffusion sees it: a part of a picture of the mask's size.</summary>
    public Picture Cut(Picture picture, PixelBox box)
    {
        var cut = new Picture(picture.Width, picture.Height, [.. picture.Rgba]);
        for (var i = 0; i < Pixels.Length; i++)
        {
            if (!Pixels[i])
            {
                cut.Rgba.AsSpan(4 * i, 3).Clear();
            }
        }

        return cut.Crop(box);
    }
}
