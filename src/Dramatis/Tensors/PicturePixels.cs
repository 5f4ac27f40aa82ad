using Dramatis.Pictures;
using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Pictures as networks see them, and back.</summary>
internal static class PicturePixels
{
    /// <summary>RGB bytes of pictures of one size, one after another, to (B, 3, H, W) in [-1, 1].</summary>
    /// <param name="device">Null is the processor.</param>
    public static Tensor FromRgb(IReadOnlyList<byte[]> pictures, PixelSize size, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var bytes = pictures.Count == 1 ? pictures[0] : [.. pictures.SelectMany(picture => picture)];
        var colours = tensor(bytes, device: device).view(pictures.Count, size.Height, size.Width, 3).to(ScalarType.Float32);
        return ((colours / 127.5) - 1).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>(B, 3, H, W) around [-1, 1] to pictures, clamped.</summary>
    public static IReadOnlyList<Picture> ToPictures(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var size = new PixelSize((int)pixels.shape[3], (int)pixels.shape[2]);
        var colours = ((pixels + 1) * 127.5).round().clamp(0, 255).to(ScalarType.Byte).permute(0, 2, 3, 1).contiguous().cpu();
        return [.. colours.unbind(0).Select(picture => Picture.FromRgb(picture.data<byte>().ToArray(), size))];
    }
}
