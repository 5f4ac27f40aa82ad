using Dramatis.Pictures;
using Dramatis.Tensors;

namespace Dramatis.Training.Subjects;

/// <summary>The ways to look at pictures that published recipes have.</summary>
internal static class ViewMakers
{
    private static readonly Rgb Ground = new(128, 128, 128);

    /// <summary>The shorter side resized to the size, then a square cut out at random: DreamBooth, LoRA, Cones 2.</summary>
    public static ViewMaker Cropped(int side, double flips = 0, ResizeFilter filter = ResizeFilter.Bilinear) => (picture, random) =>
    {
        var scale = (double)side / Math.Min(picture.Picture.Width, picture.Picture.Height);
        var size = new PixelSize(Math.Max(side, (int)Math.Round(scale * picture.Picture.Width)),
            Math.Max(side, (int)Math.Round(scale * picture.Picture.Height)));
        var (left, top) = (random.Below(size.Width - side + 1), random.Below(size.Height - side + 1));
        return Flipped(Each(picture, part => part.Resize(size, filter).Crop(new(left, top, left + side, top + side))), flips, random);
    };

    /// <summary>Stretched to the square: Textual Inversion.</summary>
    public static ViewMaker Stretched(int side, double flips = .5) => (picture, random) =>
        Flipped(Each(picture, part => part.Resize(new(side, side), ResizeFilter.Bicubic)), flips, random);

    /// <summary>At a random size on a grey ground, or enlarged and cut, with words that say so: Custom Diffusion.</summary>
    /// <param name="cell">Pixels along a side of a cell of the latents; cells at the border of the picture do not count.</param>
    public static ViewMaker Scaled(int side, int cell, double flips = 0) => (picture, random) =>
    {
        var shown = random.Chance(.66) ? (int)random.Between(side / 3.0, side + 1) : (int)random.Between(1.2 * side, 1.4 * side);
        var view = Flipped(Each(picture, part => part.Resize(new(shown, shown), ResizeFilter.Bilinear)), flips, random);
        return shown > side ? Enlarged(view, side, random) : Placed(view, side, cell, random);
    };

    private static SubjectView Enlarged(SubjectView view, int side, StableRandom random)
    {
        var (left, top) = (random.Below(view.Picture.Width - side + 1), random.Below(view.Picture.Height - side + 1));
        return Each(view, part => part.Crop(new(left, top, left + side, top + side))) with
        {
            Words = random.Chance(.5) ? "zoomed in " : "close up ",
        };
    }

    private static SubjectView Placed(SubjectView view, int side, int cell, StableRandom random)
    {
        var shown = view.Picture.Width;
        var (left, top) = (random.Below(side - shown + 1), random.Below(side - shown + 1));
        var box = new PixelBox(-left, -top, side - left, side - top);
        var inside = Inside(new(left, top, left + shown, top + shown), side, cell);
        var mask = view.Mask is { } own ? Darker(own.Crop(box).Over(new Rgb(0, 0, 0)), inside) : inside;
        var words = shown >= .6 * side ? "" : random.Chance(.5) ? "a far away " : "very small ";
        return new(view.Picture.Crop(box).Over(Ground), mask, words);
    }

    // The cells that lie wholly inside the picture, but for the outermost.
    private static Picture Inside(PixelBox box, int side, int cell)
    {
        var mask = Picture.Filled(side, side, new(0, 0, 0));
        for (var y = ((box.Top / cell) + 1) * cell; y < ((box.Bottom / cell) - 1) * cell; y++)
        {
            var (from, to) = (((box.Left / cell) + 1) * cell, ((box.Right / cell) - 1) * cell);
            mask.Row(y)[(4 * from)..(4 * Math.Max(from, to))].Fill(255);
        }

        return mask;
    }

    private static Picture Darker(Picture a, Picture b) => new(a.Width, a.Height, [.. a.Rgba.Zip(b.Rgba, Math.Min)]);

    private static SubjectView Flipped(SubjectView view, double chance, StableRandom random) =>
        random.Chance(chance) ? Each(view, part => part.Mirror()) : view;

    private static SubjectView Each(SubjectPicture picture, Func<Picture, Picture> change) =>
        new(change(picture.Picture), picture.Mask is { } mask ? change(mask) : null);

    private static SubjectView Each(SubjectView view, Func<Picture, Picture> change) =>
        view with { Picture = change(view.Picture), Mask = view.Mask is { } mask ? change(mask) : null };
}
