using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Rewrites text logits (B, H, N, L) before the softmax.</summary>
internal delegate Tensor LogitEdit(Tensor logits);

/// <summary>Reads text attention weights (B, H, N, L) after the softmax.</summary>
internal delegate void AttentionProbe(Tensor weights);

/// <summary>Extra attention for queries (B, H, N, D); the result is added to the text result.</summary>
internal delegate Tensor AttentionBranch(Tensor query);

/// <summary>One cross-attention layer of the backbone. Built once, with the network.</summary>
internal sealed record AttentionSite
{
    /// <summary>Position in the network's list of sites, from 0, in the order in which diffusers lists them: down, up, mid.</summary>
    public required int Index { get; init; }

    /// <summary>Its number in the files of published adapters, which count all attention layers, self-attention first in each block.</summary>
    public int LayerNumber => (2 * Index) + 1;

    /// <summary>Checkpoint path of the layer, for example <c>down_blocks.0.attentions.0.transformer_blocks.0.attn2</c>.</summary>
    public required string Path { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }
}

/// <summary>One evaluation of one site at one step.</summary>
internal readonly record struct AttentionCall(AttentionSite Site, StepInfo Step, Grid Grid);
