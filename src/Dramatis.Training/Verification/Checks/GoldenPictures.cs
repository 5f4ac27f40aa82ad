using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Pictures that golden data keep as tensors of bytes.</summary>
internal static class GoldenPictures
{
    /// <summary>From grey (H, W), colours (H, W, 3), or colours with alpha (H, W, 4).</summary>
    public static Picture Of(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        var deep = bytes.dim() == 2 ? bytes.unsqueeze(-1).expand(-1, -1, 3) : bytes;
        var opaque = full([deep.shape[0], deep.shape[1], 1], byte.MaxValue, ScalarType.Byte);
        var rgba = deep.shape[2] == 4 ? deep : cat([deep, opaque], dim: 2);
        return new((int)rgba.shape[1], (int)rgba.shape[0], rgba.contiguous().data<byte>().ToArray());
    }

    /// <summary>Colours (H, W, 3), alpha left out.</summary>
    public static Tensor Colours(Picture picture) => tensor(picture.ToRgb()).view(picture.Height, picture.Width, 3);

    /// <summary>Frames, rows and columns of patches, a row for each picture (M, 3).</summary>
    public static Tensor Grids(IEnumerable<Grid> grids) =>
        tensor(grids.SelectMany(grid => new long[] { 1, grid.Height, grid.Width }).ToArray()).view(-1, 3);
}
