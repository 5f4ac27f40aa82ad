using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Vae;

/// <summary>Picture to the parameters of its posterior.</summary>
/// <remarks>Shapes: pixels (B, 3, H, W) to moments (B, 2 C, H/f, W/f), mean first; C latent channels, f = Factor.</remarks>
internal sealed class VaeEncoder : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly ModuleList<DownEncoderBlock> down_blocks;
    private readonly VaeMidBlock mid_block;
    private readonly NormSilu conv_norm_out;
    private readonly Conv2d conv_out;

    public VaeEncoder(VaeConfig config)
        : base(nameof(VaeEncoder))
    {
        var (first, last) = (config.BlockWidths[0], config.BlockWidths[^1]);
        conv_in = Conv2d(config.InChannels, first, kernel: 3, padding: 1);
        down_blocks = [.. config.BlockWidths.Select((_, level) => new DownEncoderBlock(config, level))];
        mid_block = new VaeMidBlock(config);
        conv_norm_out = new NormSilu(config.NormGroups, last, VaeConfig.NormEpsilon);
        conv_out = Conv2d(last, 2 * config.LatentChannels, kernel: 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var h = conv_in.forward(pixels);
        foreach (var block in down_blocks)
        {
            h = h.Then(block.forward);
        }

        return h.Then(mid_block.forward).Then(conv_norm_out.forward).Then(conv_out.forward).MoveToOuterDisposeScope();
    }
}
