using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.Dino;

/// <summary>Pictures as DINO takes them.</summary>
internal static class DinoPixels
{
    private const int ShorterSide = 256;
    private const int Side = 224;

    // Mean and deviation of ImageNet, red, green, blue.
    private static readonly ColourNorm Norm = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>The shorter side to 256 pixels, the middle square of 224, normalised (B, 3, 224, 224).</summary>
    /// <param name="device">Null is the processor.</param>
    public static Tensor Prepare(IReadOnlyList<Picture> pictures, Device? device = null) =>
        Norm.Of([.. pictures.Select(picture => CentreCrop.Take(picture, ShorterSide, Side, CropOffset.HalfToEven))], device);
}
