using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Benches.Toybox;

/// <summary>What is left of a picture that goes through a VAE: its most likely latents, decoded.</summary>
internal sealed class VaeRebuilder(AutoencoderKL vae)
{
    /// <param name="picture">Alpha does not count.</param>
    /// <returns>An opaque picture of the same size.</returns>
    public Picture Rebuild(Picture picture)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var rgb = new byte[picture.Width * picture.Height * 3];
        for (var i = 0; i < picture.Width * picture.Height; i++)
        {
            picture.Rgba.AsSpan(4 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return PicturePixels.ToPictures(vae.forward(PicturePixels.FromRgb([rgb], picture.Size)))[0];
    }
}
