using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>A picture as Qwen2-VL's vision tower takes it.</summary>
/// <param name="Pixels">Patches (N, 1176), four neighbours after one another.</param>
/// <param name="Grid">Patches across and down; N in all.</param>
internal sealed record VisionPatches(Tensor Pixels, Grid Grid)
{
    private const int Side = 14;
    private const int Merge = 2;
    private const int Frames = 2;    // a still picture stands still for two frames

    /// <summary>Tokens that the language model reads of it.</summary>
    public int Tokens => TokensOf(Grid);

    /// <summary>Tokens that the language model reads of a picture of so many patches.</summary>
    public static int TokensOf(Grid grid) => grid.Cells / (Merge * Merge);

    /// <summary>A picture's patches after both resizes. Its alpha is left out.</summary>
    /// <param name="side">About the pixels a side; the shape stays: see <see cref="SmartResize"/>, whose check has let the picture pass.</param>
    /// <param name="device">Null is the processor.</param>
    public static VisionPatches Of(Picture picture, int side, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var sized = Resize(picture, side);
        var colours = tensor(sized.ToRgb(), device: device).view(1, sized.Height, sized.Width, 3);
        return new(Cut(ClipPixels.Normalise(colours).squeeze(0)).MoveToOuterDisposeScope(), GridOf(sized.Size));
    }

    /// <summary>Both resizes, each rounded to bytes; opaque.</summary>
    public static Picture Resize(Picture picture, int side)
    {
        var first = picture.WithoutAlpha().Resize(SmartResize.First(picture.Size));
        return first.Resize(SmartResize.Second(first.Size, side));
    }

    /// <summary>The patches of a picture of any size, after both resizes.</summary>
    public static Grid GridOf(PixelSize picture, int side) => GridOf(SmartResize.Second(SmartResize.First(picture), side));

    /// <summary>Cuts colours (3, H, W) into patches (N, 1176): two by two of them in a row, in each channel, frame, row, column.</summary>
    /// <remarks>The vision tower's places and its merging of four patches to a token go by this order.</remarks>
    public static Tensor Cut(Tensor colours)
    {
        using var scope = NewDisposeScope();
        var (down, across) = (colours.shape[1] / (Merge * Side), colours.shape[2] / (Merge * Side));
        var blocks = colours.reshape(3, 1, down, Merge, Side, across, Merge, Side).expand(-1, Frames, -1, -1, -1, -1, -1, -1);
        return blocks.permute(2, 5, 3, 6, 0, 1, 4, 7).reshape(-1, 3 * Frames * Side * Side).MoveToOuterDisposeScope();
    }

    private static Grid GridOf(PixelSize sized) => new(sized.Width / Side, sized.Height / Side);
}
