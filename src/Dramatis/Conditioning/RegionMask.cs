using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Conditioning;

/// <summary>The part of the picture in which image tokens act: a factor for each of its pixels, 1 inside and 0 outside.</summary>
/// <remarks>
/// Feature maps get it by bicubic interpolation (a = -0.75) between the nearest pixels, without averaging, as diffusers does it:
/// at edges it leaves 0 to 1, and what is thinner than a cell may vanish.
/// </remarks>
internal sealed class RegionMask : IRegion
{
    private readonly float[] values;
    private readonly bool guessesGrids;

    private RegionMask(float[] values, PixelSize size, bool guessesGrids = false)
    {
        this.values = values;
        this.guessesGrids = guessesGrids;
        Size = size;
    }

    public PixelSize Size { get; }

    /// <summary>The pixels whose centre lies in a box.</summary>
    public static RegionMask Of(Box box, PixelSize size)
    {
        var values = new float[size.Width * size.Height];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = box.Contains((i % size.Width + .5) / size.Width, (i / size.Width + .5) / size.Height) ? 1 : 0;
        }

        return new(values, size);
    }

    /// <summary>The bright part of a mask picture.</summary>
    /// <param name="size">Of the picture to be painted; another size is brought to it.</param>
    /// <param name="isSoft">Greys count as greys; otherwise what is brighter than the middle counts as inside.</param>
    /// <param name="guessesGrids">
    /// Feature maps are known by their number of cells alone, as in diffusers, which takes some for others: the 3x2 cells of a 160x96 picture
    /// for a row of 6.
    /// </param>
    public static RegionMask Of(Picture mask, PixelSize size, bool isSoft = false, bool guessesGrids = false)
    {
        var grey = mask.Resize(size, ResizeFilter.Lanczos).ToGrey().Select(level => level / 255f);
        return new([.. isSoft ? grey : grey.Select(level => level >= .5f ? 1f : 0f)], size, guessesGrids);
    }

    /// <summary>Refuses a mask picture whose shape is not that of the picture to be painted: stretched, it would mean other places.</summary>
    /// <param name="field">Of the request, for the message.</param>
    /// <exception cref="InvalidRequestException">The shapes differ.</exception>
    public static void CheckShape(Picture mask, PixelSize size, string field)
    {
        if (!mask.Size.HasShapeOf(size))
        {
            throw new InvalidRequestException(
                field, $"the mask is {mask.Size} pixels, the picture {size}: another shape. Draw the mask on a picture of that shape.");
        }
    }

    /// <summary>The smallest box around all that is inside; null when nothing is.</summary>
    public Box? Bounds()
    {
        var (left, top, right, bottom) = (Size.Width, Size.Height, 0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] >= .5f)
            {
                var (x, y) = (i % Size.Width, i / Size.Width);
                (left, top) = (Math.Min(left, x), Math.Min(top, y));
                (right, bottom) = (Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }
        }

        return right == 0
            ? null
            : new((double)left / Size.Width, (double)top / Size.Height, (double)right / Size.Width, (double)bottom / Size.Height);
    }

    /// <summary>The factors of the pixels (1, 1, H, W).</summary>
    /// <param name="device">Null is the processor.</param>
    public Tensor ToPixels(Device? device = null) => tensor(values, device: device ?? CPU).view(1, 1, Size.Height, Size.Width);

    public Tensor At(Grid grid, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var read = guessesGrids ? Guess(Size, grid.Cells) : grid;
        var cells = functional.interpolate(
            ToPixels(device), [read.Height, read.Width], mode: InterpolationMode.Bicubic, align_corners: false);
        return functional.pad(cells.flatten(), [0, grid.Cells - read.Cells]).view(1, 1, -1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>How much of each cell of a feature map lies inside (H, W), thin parts too.</summary>
    /// <param name="device">Null is the processor.</param>
    public Tensor CoverageAt(Grid grid, Device? device = null)
    {
        using var scope = NewDisposeScope();
        return functional.adaptive_avg_pool2d(ToPixels(device), [grid.Height, grid.Width]).view(grid.Height, grid.Width).MoveToOuterDisposeScope();
    }

    /// <summary>Tells of a mask in which no cell of the latents lies wholly: what is painted there has little room to differ from what is around it.</summary>
    /// <param name="factor">Pixels along one side of a cell.</param>
    public void TellOfThin(int factor, Action<string, string>? notice)
    {
        const float WhollyInside = .999f;
        using var scope = NewDisposeScope();
        if (CoverageAt(new(Size.Width / factor, Size.Height / factor)).max().item<float>() < WhollyInside)
        {
            notice?.Invoke("mask", $"holds no whole cell of {factor}x{factor} pixels, the smallest that is painted: little will change. Draw it larger.");
        }
    }

    /// <summary>What diffusers takes for the grid of so many cells; never more than there are.</summary>
    internal static Grid Guess(PixelSize size, int cells)
    {
        var height = (int)Math.Sqrt(cells / ((double)size.Width / size.Height));
        height += cells % height == 0 ? 0 : 1;
        return new(cells / height, height);
    }
}
