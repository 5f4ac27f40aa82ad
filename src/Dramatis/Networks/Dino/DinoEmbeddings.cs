using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Dino;

/// <summary>Pixels to tokens with positions.</summary>
/// <remarks>Shapes: pixels (B, 3, H, W) to (B, 1 + N, C); N = h w patches.</remarks>
internal sealed class DinoEmbeddings : Module<Tensor, Tensor>
{
    private readonly Parameter cls_token;
    private readonly Parameter? mask_token;    // stands for hidden patches in training only
    private readonly Parameter position_embeddings;
    private readonly PatchEmbeddings patch_embeddings;
    private readonly DinoConfig config;

    public DinoEmbeddings(DinoConfig config)
        : base(nameof(DinoEmbeddings))
    {
        this.config = config;
        cls_token = Normal(0.02, 1, 1, config.Width);
        mask_token = config.IsSecond ? Constant(0, 1, config.Width) : null;
        position_embeddings = Normal(0.02, 1, 1 + (config.PositionSide * config.PositionSide), config.Width);
        patch_embeddings = new PatchEmbeddings(config);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embeddings.forward(pixels);                                       // (B, C, h, w)
        var positions = DinoPositions.For(position_embeddings, (int)patches.shape[2], (int)patches.shape[3], config.OriginalPositions);
        var tokens = cat([cls_token.expand(pixels.shape[0], -1, -1), patches.flatten(2).transpose(1, 2)], dim: 1);
        return (tokens + positions).MoveToOuterDisposeScope();
    }

    private sealed class PatchEmbeddings : Module<Tensor, Tensor>
    {
        private readonly Conv2d projection;

        public PatchEmbeddings(DinoConfig config)
            : base(nameof(PatchEmbeddings))
        {
            projection = Conv2d(3, config.Width, kernel: config.Patch, stride: config.Patch);
            RegisterComponents();
        }

        public override Tensor forward(Tensor pixels) => projection.forward(pixels);
    }
}
