using Dramatis.Networks.Blocks;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>A layer of the vision tower: patches of one picture see each other, in both directions.</summary>
/// <remarks>Shapes: N patches of all pictures, C width, H heads, D = C / H.</remarks>
internal sealed class VisionBlock : Module<Tensor, IReadOnlyList<Rotation>, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly Attention attn;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;

    public VisionBlock(VisionTowerConfig config)
        : base(nameof(VisionBlock))
    {
        norm1 = LayerNorm(config.Width, config.NormEpsilon);
        attn = new Attention(config);
        norm2 = LayerNorm(config.Width, config.NormEpsilon);
        mlp = new Mlp(config.Width, config.InnerWidth, Mlp.QuickGelu);
        RegisterComponents();
    }

    /// <param name="x">(N, C), one picture after another.</param>
    /// <param name="pictures">One for each picture, as many positions as it has patches.</param>
    public override Tensor forward(Tensor x, IReadOnlyList<Rotation> pictures)
    {
        using var scope = NewDisposeScope();
        var h = x + attn.forward(norm1.forward(x), pictures);
        return (h + mlp.forward(norm2.forward(h))).MoveToOuterDisposeScope();
    }

    private sealed class Attention : Module<Tensor, IReadOnlyList<Rotation>, Tensor>
    {
        private readonly Linear qkv;
        private readonly Linear proj;
        private readonly int heads;

        public Attention(VisionTowerConfig config)
            : base(nameof(Attention))
        {
            heads = config.Heads;
            qkv = Linear(config.Width, 3 * config.Width);
            proj = Linear(config.Width, config.Width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, IReadOnlyList<Rotation> pictures)
        {
            using var scope = NewDisposeScope();
            var parts = qkv.forward(x).split([.. pictures.Select(picture => picture.Cos.shape[2])]);
            return proj.forward(cat([.. parts.Zip(pictures, Attend)])).MoveToOuterDisposeScope();
        }

        // (n, 3 C) -> (n, C)
        private Tensor Attend(Tensor picture, Rotation rotation)
        {
            using var scope = NewDisposeScope();
            var all = picture.unflatten(1, 3, heads, -1).permute(1, 2, 0, 3).unsqueeze(1);    // (3, 1, H, n, D)
            var mixed = functional.scaled_dot_product_attention(rotation.Turn(all[0]), rotation.Turn(all[1]), all[2]);
            return mixed[0].transpose(0, 1).flatten(start_dim: 1).MoveToOuterDisposeScope();
        }
    }
}
