using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Training.Records;

/// <summary>A picture to learn from, as the reference's data sets make it ready: short edge to the size, middle cut out.</summary>
internal sealed record SquarePicture
{
    private readonly double scale;
    private readonly PixelBox cut;

    /// <param name="side">Pixels along one side of the square.</param>
    public SquarePicture(Picture picture, int side)
        : this(picture, CentreCrop.Plan(picture.Size, side, side), side)
    {
    }

    private SquarePicture(Picture picture, (PixelSize Size, PixelBox Square) plan, int side)
    {
        (var size, cut) = plan;
        scale = (double)side / Math.Min(picture.Width, picture.Height);
        Side = side;
        Rgb = picture.WithoutAlpha().Resize(size, ResizeFilter.Bilinear).Crop(cut).ToRgb();
        Frame = [picture.Height, picture.Width, cut.Top, cut.Left, side, side];
    }

    /// <summary>The place that is the middle of another picture, instead of its own; black beyond its edges.</summary>
    /// <param name="other">Size of the other.</param>
    public static SquarePicture CutAs(Picture picture, PixelSize other, int side) =>
        new(picture, CentreCrop.Plan(picture.Size, side, side) with { Square = CentreCrop.Plan(other, side, side).Square }, side);

    public int Side { get; }

    /// <summary>Row by row.</summary>
    public byte[] Rgb { get; }

    /// <summary>What SDXL is told of it: height and width before, top and left of the cut, height and width after.</summary>
    public float[] Frame { get; }

    /// <summary>A part of the whole picture as a part of the square; all in one line or point when it was cut off.</summary>
    public Box PlaceOf(PixelRegion part)
    {
        return new(Inside(part.Left, cut.Left), Inside(part.Top, cut.Top), Inside(part.Right, cut.Left), Inside(part.Bottom, cut.Top));

        double Inside(double at, int start) => Math.Clamp((at * scale) - start, 0, Side) / Side;
    }
}
