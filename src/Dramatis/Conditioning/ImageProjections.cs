using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Conditioning;

/// <summary>Keys and values of image tokens for one attention site (IP-Adapter, arXiv 2308.06721, eq. 5).</summary>
/// <remarks>Shapes: B batch, T tokens, E token width, C site width, H heads, D = C / H.</remarks>
internal sealed class ImageProjections : Module<Tensor, Tensor, (Tensor Key, Tensor Value)>
{
    private readonly Linear to_k_ip;
    private readonly Linear to_v_ip;
    private readonly int heads;

    public ImageProjections(AttentionSite site, int tokenWidth)
        : base(nameof(ImageProjections))
    {
        heads = site.Heads;
        to_k_ip = Linear(tokenWidth, site.Width, hasBias: false);
        to_v_ip = Linear(tokenWidth, site.Width, hasBias: false);
        RegisterComponents();
    }

    /// <param name="tokens">What keys are made of (B, T, E).</param>
    /// <param name="weighted">What values are made of (B, T, E): the tokens, each times its strength.</param>
    public override (Tensor Key, Tensor Value) forward(Tensor tokens, Tensor weighted)
    {
        using var scope = NewDisposeScope();
        return (
            SplitHeads(to_k_ip.forward(tokens)).MoveToOuterDisposeScope(),
            SplitHeads(to_v_ip.forward(weighted)).MoveToOuterDisposeScope());
    }

    private Tensor SplitHeads(Tensor x) => x.unflatten(2, heads, -1).transpose(1, 2);    // (B, T, C) -> (B, H, T, D)
}
