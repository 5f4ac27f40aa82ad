using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>The language model of Qwen2-VL (Wang et al., arXiv 2409.12191) up to its last norm, without the head that names the next token.</summary>
/// <remarks>Shapes: B batch, L rows, C width, V vocabulary.</remarks>
internal sealed class LanguageModel : Module
{
    private readonly TokenTable embed_tokens;
    private readonly ModuleList<DecoderLayer> layers;
    private readonly RmsNorm norm;

    public LanguageModel(Qwen2VlConfig config)
        : base(nameof(LanguageModel))
    {
        Config = config;
        embed_tokens = new TokenTable(config.Vocabulary, config.Width);
        layers = new ModuleList<DecoderLayer>([.. Enumerable.Range(0, config.Layers).Select(_ => new DecoderLayer(config))]);
        norm = new RmsNorm(config.Width, config.NormEpsilon);
        RegisterComponents();
    }

    public Qwen2VlConfig Config { get; }

    /// <summary>What it computes in.</summary>
    public ScalarType Type => norm.Type;

    /// <summary>The rows (B, L, C) of token ids (B, L).</summary>
    public Tensor Embed(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return embed_tokens.forward(ids).to(Type).MoveToOuterDisposeScope();
    }

    /// <summary>What each token would be next (N, V), by a head that is the table of tokens.</summary>
    /// <param name="states">After the last norm (N, C).</param>
    public Tensor Logits(Tensor states) => embed_tokens.Likeness(states);

    /// <summary>States (B, L, C) after the last norm.</summary>
    /// <param name="x">Rows of tokens, or what pictures have in their places (B, L, C).</param>
    /// <param name="before">One for each layer, of the rows before; null where there are none.</param>
    public Tensor Read(Tensor x, Rotation rotation, RowMask mask, IReadOnlyList<KeyValue>? before = null) => Run(x, rotation, mask, before ?? [], null);

    /// <summary>States (B, L, C) of rows that come after others, whose keys and values were kept.</summary>
    /// <param name="before">One for each layer, of the rows before; empty where there are none.</param>
    /// <returns>With what all rows so far have at each layer, to go on from; the caller's, outside of every scope.</returns>
    public (Tensor States, IReadOnlyList<KeyValue> Seen) Continue(Tensor x, Rotation rotation, IReadOnlyList<KeyValue> before)
    {
        using var scope = NewDisposeScope();
        var length = before.Count == 0 ? 0 : (int)before[0].Key.shape[2];
        var seen = new List<KeyValue>();
        var states = Run(x, rotation, RowMask.Causal((int)x.shape[1], length, x.device, x.dtype), before, seen);
        return (states.MoveToOuterDisposeScope(), seen);
    }

    private Tensor Run(Tensor x, Rotation rotation, RowMask mask, IReadOnlyList<KeyValue> before, List<KeyValue>? seen)
    {
        using var scope = NewDisposeScope();
        var rows = x.alias();
        foreach (var (i, layer) in layers.Index())
        {
            using var inner = NewDisposeScope();
            var (next, keys) = layer.Run(rows, rotation, mask, before.Count == 0 ? null : before[i]);
            seen?.Add(keys.Detach());
            rows.Dispose();
            rows = next.MoveToOuterDisposeScope();
        }

        return norm.forward(rows).MoveToOuterDisposeScope();
    }
}
