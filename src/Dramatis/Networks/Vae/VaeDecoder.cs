using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Vae;

/// <summary>Latents back to a picture.</summary>
/// <remarks>Shapes: latents (B, C, h, w) to pixels (B, 3, f h, f w); f = Factor.</remarks>
internal sealed class VaeDecoder : Module<Tensor, Action?, Tensor>
{
    // Values of a map from which on malloc maps blocks one by one: see ProcessSetup of the command line.
    private const long LargeMap = 1 << 25;

    private readonly Conv2d conv_in;
    private readonly VaeMidBlock mid_block;
    private readonly ModuleList<UpDecoderBlock> up_blocks;
    private readonly NormSilu conv_norm_out;
    private readonly Conv2d conv_out;

    public VaeDecoder(VaeConfig config)
        : base(nameof(VaeDecoder))
    {
        var (first, last) = (config.BlockWidths[0], config.BlockWidths[^1]);
        conv_in = Conv2d(config.LatentChannels, last, kernel: 3, padding: 1);
        mid_block = new VaeMidBlock(config);
        up_blocks = [.. config.BlockWidths.Select((_, level) => new UpDecoderBlock(config, level))];
        conv_norm_out = new NormSilu(config.NormGroups, first, VaeConfig.NormEpsilon);
        conv_out = Conv2d(first, config.OutChannels, kernel: 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor latents, Action? beforeLayer)
    {
        using var scope = NewDisposeScope();
        var h = conv_in.forward(latents).Then(mid_block.forward);
        foreach (var block in up_blocks)
        {
            h = h.Then(map => block.forward(map, beforeLayer));
            if (h.numel() >= LargeMap)
            {
                // What smaller maps have left behind is of no use to larger ones.
                SpareMemory.GiveBack();
            }
        }

        return h.Then(conv_norm_out.forward).Then(conv_out.forward).MoveToOuterDisposeScope();
    }
}
