using Dramatis.Conditioning;
using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>The denoiser of latent diffusion (Rombach et al., 2022) with the layout and keys of diffusers' UNet2DConditionModel.</summary>
/// <remarks>Shapes: B batch, C latent channels, H x W cells, L text tokens, E text width.</remarks>
internal sealed class UNet : Module<Tensor, Tensor, StepContext, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly TimestepEmbedding time_embedding;
    private readonly TimestepEmbedding? add_embedding;
    private readonly ModuleList<DownBlock> down_blocks = [];
    private readonly MidBlock? mid_block;
    private readonly ModuleList<UpBlock> up_blocks = [];
    private readonly NormSilu conv_norm_out;
    private readonly Conv2d conv_out;

    public UNet(UNetConfig config)
        : base(nameof(UNet))
    {
        Config = config;
        var sites = new SiteList(config);
        var levels = config.BlockWidths.Count;
        conv_in = Conv2d(config.InChannels, config.BlockWidths[0], kernel: 3, padding: 1);
        time_embedding = new TimestepEmbedding(config.BlockWidths[0], config.TimeWidth);
        add_embedding = config.Added is { } added ? new TimestepEmbedding(added.Width, config.TimeWidth) : null;
        for (var level = 0; level < levels; level++)
        {
            down_blocks.Add(new DownBlock(config, level, sites));
        }

        for (var block = 0; block < levels; block++)
        {
            up_blocks.Add(new UpBlock(config, block, sites));
        }

        // Last, since the list of sites ends with the middle.
        mid_block = config.HasMiddle ? new MidBlock(config, sites) : null;
        conv_norm_out = new NormSilu(config.NormGroups, config.BlockWidths[0], config.NormEpsilon);
        conv_out = Conv2d(config.BlockWidths[0], config.OutChannels, kernel: 3, padding: 1);
        Sites = sites.Sites;
        RegisterComponents();
    }

    public UNetConfig Config { get; }

    /// <summary>The cross-attention layers: way down, way up, middle.</summary>
    public IReadOnlyList<AttentionSite> Sites { get; }

    /// <summary>The prediction (B, C, H, W): noise or velocity, as the model was trained.</summary>
    /// <param name="latents">Noisy latents (B, C, H, W), scaled as the schedule says.</param>
    /// <param name="timesteps">Noise level of each row (B), from 0 to 999, fractions allowed.</param>
    public override Tensor forward(Tensor latents, Tensor timesteps, StepContext context)
    {
        using var scope = NewDisposeScope();
        var time = NoiseLevelVector.Of(Config, time_embedding, add_embedding, timesteps, context);    // (B, 4 W0)
        var x = conv_in.forward(ChannelsLast.Of(latents));
        if (context.Session.InputAt(context.Step) is { } added)
        {
            x += added;
        }

        var kept = new Stack<Tensor>([x]);
        foreach (var block in down_blocks)
        {
            foreach (var result in block.forward(x, time, context))
            {
                kept.Push(result);
            }

            x = kept.Peek();
        }

        x = mid_block?.forward(x, time, context) ?? x.alias();
        if (context.Control is { } control)
        {
            x += control.Middle;
            kept = new(kept.Reverse().Zip(control.Down, (map, residual) => map + residual));
        }

        foreach (var block in up_blocks)
        {
            x = x.Then(map => block.forward(map, time, kept, context));
        }

        return x.Then(conv_norm_out.forward).Then(conv_out.forward).MoveToOuterDisposeScope();
    }
}
