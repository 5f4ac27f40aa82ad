using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.EasyRef;

/// <summary>The language model's last layer, in which learned tokens read all that came before: efficient reference aggregation.</summary>
/// <remarks>
/// EasyRef (Zong et al., arXiv 2412.09618, section 3). What is read passes the language model's last norm first, as in the reference, though
/// that norm was meant for what comes out of this layer. Only the tokens' own rows are computed. Shapes: B batch, S rows read, T tokens, C width.
/// </remarks>
internal sealed class ReferenceLayer : Module, IEightBitNetwork
{
    private const double StartDeviation = .1;

    private readonly Parameter reference_tokens;
    private readonly ModuleList<DecoderLayer> layers;    // of one
    private readonly RmsNorm norm;
    private readonly Qwen2VlConfig config;

    public ReferenceLayer(Qwen2VlConfig config, int tokens)
        : base(nameof(ReferenceLayer))
    {
        this.config = config;
        reference_tokens = Normal(StartDeviation, tokens, config.Width);
        layers = new ModuleList<DecoderLayer>(new DecoderLayer(config));
        norm = new RmsNorm(config.Width, config.NormEpsilon);
        RegisterComponents();
    }

    /// <summary>T.</summary>
    public int Tokens => (int)reference_tokens.shape[0];

    /// <summary>What the tokens see of states (B, S, C).</summary>
    public KeyValue Project(Tensor states, Rotation rotation) => layers[0].Project(states, rotation);

    /// <summary>What the tokens have read (B, T, C).</summary>
    /// <param name="seen">Of all S rows.</param>
    /// <param name="isText">0 for rows of padding (B, S); null for none.</param>
    public Tensor Read(KeyValue seen, FinalAttention attention, Tensor? isText = null)
    {
        using var scope = NewDisposeScope();
        var (batch, length, type) = (seen.Key.shape[0], (int)seen.Key.shape[2], norm.Type);
        var rows = reference_tokens.to(type).unsqueeze(0).expand(batch, -1, -1);
        var rotation = Rotation.Plain(config, length, Tokens, rows.device);
        var isCausal = attention == FinalAttention.Causal;
        var mask = isText is not null ? RowMask.Padded(cat([isText, ones_like(rows[.., .., 0], isText.dtype)], dim: 1), Tokens, type, isCausal)
            : isCausal ? RowMask.Causal(Tokens, length, rows.device, type)
            : RowMask.None;
        return norm.forward(layers[0].Run(rows, rotation, mask, seen).Rows).MoveToOuterDisposeScope();
    }
}
