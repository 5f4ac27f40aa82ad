using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.Clip;

/// <summary>Colours as CLIP's vision tower takes them.</summary>
internal static class ClipPixels
{
    // Mean and deviation of the pictures that CLIP was trained on, red, green, blue (Radford et al., 2021).
    private static readonly ColourNorm Norm = new([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    /// <summary>Colours from 0 to 255 (B, H, W, 3), bytes or numbers, to normalised (B, 3, H, W), channels innermost in memory.</summary>
    public static Tensor Normalise(Tensor colours) => Norm.Of(colours);

    /// <summary>The shorter side to the encoder's, then the middle square, normalised (B, 3, S, S).</summary>
    /// <param name="offset">Transformers and OpenAI's own code start the square one pixel apart where the middle is between two.</param>
    /// <param name="device">Null is the processor.</param>
    public static Tensor Prepare(IReadOnlyList<Picture> pictures, int side, CropOffset offset = CropOffset.Down, Device? device = null) =>
        Norm.Of([.. pictures.Select(picture => CentreCrop.Take(picture, side, side, offset))], device);
}
