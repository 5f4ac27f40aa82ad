using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Pipelines;

/// <summary>Roughly what latents look like, without the decoder: the linear map to colours that fits the model's own encoder best.</summary>
/// <remarks>Shapes: C latent channels, h x w cells, n cells of all examples.</remarks>
internal sealed class LatentColours : IDisposable
{
    private const int Examples = 8;
    private const int Side = 64;
    private const int Enlarged = 4;

    private readonly Tensor map;    // (3, C + 1, 1, 1), the last for the constant

    /// <summary>Fits the map by least squares on a few soft gradients of many colours.</summary>
    public LatentColours(AutoencoderKL vae)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var random = new Generator(0, CPU);
        var patches = (2 * rand([Examples, 3, 4, 4], ScalarType.Float32, CPU, generator: random).to(Compute.Of(vae).Device)) - 1;
        var pixels = functional.interpolate(patches, [Side, Side], mode: InterpolationMode.Bilinear, align_corners: false);
        var latents = vae.LikelyLatents(pixels);                                                 // (8, C, h, w)
        var colours = functional.avg_pool2d(pixels, vae.Config.Factor);                          // (8, 3, h, w)
        var known = WithOne(latents).permute(0, 2, 3, 1).flatten(0, 2);                          // (n, C + 1)
        var wanted = colours.permute(0, 2, 3, 1).flatten(0, 2);                                  // (n, 3)
        var square = known.t().matmul(known) + (1e-4 * eye(known.shape[1], device: known.device));
        map = linalg.solve(square, known.t().matmul(wanted)).t().unsqueeze(-1).unsqueeze(-1).contiguous().DetachFromDisposeScope();
    }

    /// <summary>A small picture, four pixels a cell, of latents as the denoiser guesses them (1, C, h, w).</summary>
    public Picture Show(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var colours = functional.conv2d(WithOne(latents), map);                                  // (1, 3, h, w)
        var size = new[] { latents.shape[2] * Enlarged, latents.shape[3] * Enlarged };
        return PicturePixels.ToPictures(functional.interpolate(colours, size, mode: InterpolationMode.Bilinear, align_corners: false))[0];
    }

    public void Dispose() => map.Dispose();

    private static Tensor WithOne(Tensor latents) => cat([latents, ones_like(latents[.., ..1])], dim: 1);
}
