using Dramatis.Tensors;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Vae;

/// <summary>The picture autoencoder of latent diffusion (Rombach et al., 2022), with the layout and keys of diffusers.</summary>
/// <remarks>
/// Shapes: pixels (B, 3, H, W) in [-1, 1], H and W multiples of <see cref="VaeConfig.Factor"/>; latents (B, C, H/f, W/f).
/// Neither direction scales: see <see cref="ToModel"/> and <see cref="FromModel"/>.
/// </remarks>
internal sealed class AutoencoderKL : Module<Tensor, Tensor>
{
    private readonly VaeEncoder encoder;
    private readonly VaeDecoder decoder;
    private readonly Conv2d? quant_conv;
    private readonly Conv2d? post_quant_conv;

    public AutoencoderKL(VaeConfig config)
        : base(nameof(AutoencoderKL))
    {
        Config = config;
        var latents = config.LatentChannels;
        encoder = new VaeEncoder(config);
        decoder = new VaeDecoder(config);
        quant_conv = config.QuantConv ? Conv2d(2 * latents, 2 * latents, kernel: 1) : null;
        post_quant_conv = config.PostQuantConv ? Conv2d(latents, latents, kernel: 1) : null;
        RegisterComponents();
    }

    public VaeConfig Config { get; }

    /// <summary>What latents come from.</summary>
    public IEnumerable<Module> Encoding => quant_conv is null ? [encoder] : [encoder, quant_conv];

    /// <summary>The posterior of each picture's latents; the caller owns both tensors.</summary>
    public Posterior Encode(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var moments = encoder.forward(ChannelsLast.Of(pixels));           // (B, 2 C, h, w)
        var parts = (quant_conv?.forward(moments) ?? moments).chunk(2, dim: 1);
        return new(
            parts[0].MoveToOuterDisposeScope(),
            parts[1].clamp(-30, 20).MoveToOuterDisposeScope());
    }

    /// <summary>Pixels (B, 3, f h, f w) around [-1, 1], not clamped.</summary>
    /// <param name="beforeLayer">Called before each layer of the larger maps, which take long; what it throws ends the work.</param>
    public Tensor Decode(Tensor latents, Action? beforeLayer = null)
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast.Of(latents);
        return decoder.forward(post_quant_conv?.forward(x) ?? x, beforeLayer).MoveToOuterDisposeScope();
    }

    /// <summary>The most likely reconstruction: what the mean of the posterior decodes to.</summary>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Decode(Encode(pixels).Mean).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the posterior, as the diffusion model sees latents.</summary>
    public Tensor LikelyLatents(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return ToModel(Encode(pixels).Mean).MoveToOuterDisposeScope();
    }

    /// <summary>Latents as the diffusion model sees them: shifted, then scaled to about unit variance.</summary>
    public Tensor ToModel(Tensor latents)
    {
        using var shifted = latents - (Config.ShiftFactor ?? 0);
        return shifted * Config.ScalingFactor;
    }

    /// <summary>The inverse of <see cref="ToModel"/>: what <see cref="Decode"/> takes.</summary>
    public Tensor FromModel(Tensor latents)
    {
        using var unscaled = latents / Config.ScalingFactor;
        return unscaled + (Config.ShiftFactor ?? 0);
    }
}
