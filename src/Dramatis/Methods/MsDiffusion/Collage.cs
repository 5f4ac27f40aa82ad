using Dramatis.Tensors;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>The sizes of a <see cref="Collage"/>.</summary>
/// <param name="Latents">Channels of the autoencoder's latents.</param>
/// <param name="Width">Channels between its two layers.</param>
/// <param name="Output">Channels of the denoiser's outer level.</param>
internal sealed record CollageConfig(int Latents, int Width, int Output);

/// <summary>Tells the denoiser, cell by cell, what references look like where they stand: the detail that their tokens are too coarse for.</summary>
/// <remarks>
/// The collage of AnyDoor (Chen et al., arXiv 2307.09481, section 3.2) as latents: a picture with each reference laid into its place goes through the
/// autoencoder, and two convolutions make of it what is added to the result of the denoiser's first layer. Without biases, so that a collage on which
/// nothing lies adds exactly nothing; the second begins with zeros, as in ControlNet (Zhang et al., arXiv 2302.05543).
/// Shapes: B rows, C latent channels, h x w cells, O channels of the outer level.
/// </remarks>
internal sealed class Collage : Module<Tensor, Tensor, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly Conv2d conv_out;

    public Collage(CollageConfig config)
        : base(nameof(Collage))
    {
        conv_in = Conv2d(config.Latents + 1, config.Width, kernel: 3, padding: 1, bias: false);
        conv_out = Conv2d(config.Width, config.Output, kernel: 3, padding: 1, bias: false);
        using var off = no_grad();
        conv_out.weight.zero_();
        RegisterComponents();
    }

    /// <summary>What is added (B, O, h, w).</summary>
    /// <param name="latents">Of the collage, as the denoiser sees latents (B, C, h, w).</param>
    /// <param name="cover">How much of each cell is covered, 0 to 1 (B, 1, h, w).</param>
    public override Tensor forward(Tensor latents, Tensor cover)
    {
        using var scope = NewDisposeScope();
        var x = cat([latents * cover.gt(0).to(latents.dtype), cover.to(latents.dtype)], dim: 1);
        return conv_out.forward(functional.silu(conv_in.forward(ChannelsLast.Of(x)))).MoveToOuterDisposeScope();
    }
}
