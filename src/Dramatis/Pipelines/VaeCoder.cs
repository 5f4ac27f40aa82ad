using Dramatis.Errors;
using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>How pictures go through a VAE.</summary>
internal sealed record VaeOptions
{
    /// <summary>Pixels of the largest picture that goes through in one piece by default.</summary>
    public const int LargestWhole = 1024 * 1024;

    /// <summary>Pixels of the smallest picture that memory is made free for: what the steps leave behind has no room for its maps.</summary>
    internal const int Large = 512 * 512;

    /// <summary>In overlapping tiles; null for pictures above <see cref="LargestWhole"/> only.</summary>
    public bool? Tiling { get; init; }

    /// <summary>One picture after another, not all at once.</summary>
    public bool Slicing { get; init; }

    public VaeTiles Tiles { get; init; } = new();

    /// <summary>Ends the decoding of a picture between two layers.</summary>
    public CancellationToken Stop { get; init; }
}

/// <summary>Latents of the diffusion model to pixels and back.</summary>
/// <remarks>
/// Shapes: latents (B, C, h, w), pixels (B, 3, f h, f w) around [-1, 1]. Always in single precision: SDXL's VAE, whose config says so with
/// <c>force_upcast</c>, overflows in half, and the others lose by it.
/// </remarks>
internal sealed class VaeCoder
{
    private readonly AutoencoderKL vae;
    private readonly VaeOptions options;

    public VaeCoder(AutoencoderKL vae, VaeOptions? options = null)
    {
        this.vae = vae;
        this.options = options ?? new();
        if (vae.modules().Any(module => module is not INarrowLayer && module.parameters(false).Any(weight => weight.dtype != ScalarType.Float32)))
        {
            vae.to(ScalarType.Float32);
        }
    }

    /// <exception cref="NotFiniteException">Latents or pixels hold what is no number.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two layers.</exception>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        Check(latents, "the latents", "the network or its settings overflow; use weights in single precision, or less guidance.");
        if (PixelsOf(latents, vae.Config.Factor) >= VaeOptions.Large)
        {
            SpareMemory.GiveBack();
        }

        var unscaled = vae.FromModel(latents.to(ScalarType.Float32));
        var pixels = EachOf(unscaled, x => IsTiled(x, vae.Config.Factor) ? options.Tiles.Map(x, 1, Whole) : Whole(x));
        Check(pixels, "the decoded picture", "the VAE's weights are damaged or were made in half precision; use another file of them.");
        return pixels.MoveToOuterDisposeScope();

        Tensor Whole(Tensor x) => vae.Decode(x, options.Stop.ThrowIfCancellationRequested);
    }

    /// <summary>The posterior of pictures, not scaled; the caller owns both tensors.</summary>
    public Posterior Encode(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var moments = EachOf(
            pixels.to(ScalarType.Float32), x => IsTiled(x, 1) ? options.Tiles.Map(x, vae.Config.Factor, Moments) : Moments(x));    // (B, 2 C, h, w)
        var parts = moments.chunk(2, dim: 1);
        return new(parts[0].MoveToOuterDisposeScope(), parts[1].MoveToOuterDisposeScope());
    }

    private Tensor Moments(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var posterior = vae.Encode(pixels);
        return cat([posterior.Mean, posterior.LogVariance], dim: 1).MoveToOuterDisposeScope();
    }

    private Tensor EachOf(Tensor x, Func<Tensor, Tensor> network) => options.Slicing && x.shape[0] > 1
        ? cat([.. x.split(1).Select(network)])
        : network(x);

    /// <param name="factor">Pixels along one side of a point of x.</param>
    private bool IsTiled(Tensor x, int factor) => options.Tiling ?? PixelsOf(x, factor) > VaeOptions.LargestWhole;

    private static long PixelsOf(Tensor x, int factor) => x.shape[2] * factor * x.shape[3] * factor;

    private static void Check(Tensor x, string what, string cure)
    {
        if (!x.isfinite().all().item<bool>())
        {
            throw new NotFiniteException(what, cure);
        }
    }
}
