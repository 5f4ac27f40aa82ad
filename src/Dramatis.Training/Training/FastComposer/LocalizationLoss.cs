using Dramatis.Conditioning;
using Dramatis.Errors;
using static TorchSharp.torch;

namespace Dramatis.Training.FastComposer;

/// <summary>How much more a subject's word is read outside its mask than inside (FastComposer, arXiv 2305.10431, eq. 4).</summary>
/// <remarks>Shapes: B texts, H heads, N = h w cells, L tokens, O subjects a text at most.</remarks>
internal static class LocalizationLoss
{
    private const double Epsilon = 1e-5;

    /// <summary>The supervised layers, in the order down, middle, up.</summary>
    /// <param name="blocks">So many blocks with cross-attention, around the middle one.</param>
    /// <exception cref="InvalidRequestException">The denoiser has fewer.</exception>
    public static IReadOnlyList<AttentionSite> Sites(IReadOnlyList<AttentionSite> sites, int blocks)
    {
        var named = sites.GroupBy(site => string.Join('.', site.Path.Split('.').TakeWhile(part => part != "attentions")))
            .OrderBy(block => block.Key[0] switch { 'd' => 0, 'm' => 1, _ => 2 }).ToArray();
        return blocks >= 1 && blocks <= named.Length
            ? [.. named.Skip((named.Length - blocks) / 2).Take(blocks).SelectMany(block => block)]
            : throw new InvalidRequestException("localization_blocks", $"{blocks} is not between 1 and {named.Length}, the blocks with attention to text.");
    }

    /// <summary>The loss of one layer, a scalar from -1 to 1. Texts without subjects count as 0.</summary>
    /// <param name="attention">Probabilities (B, H, N, L).</param>
    /// <param name="masks">On the layer's grid (B, O, h, w).</param>
    /// <param name="tokens">Of each subject's word (B, O), whole numbers.</param>
    /// <param name="valid">1 for a subject that is there, else 0 (B, O).</param>
    public static Tensor Of(Tensor attention, Tensor masks, Tensor tokens, Tensor valid, bool normalises)
    {
        using var scope = NewDisposeScope();
        var read = attention.gather(3, tokens.view(tokens.shape[0], 1, 1, -1).expand(-1, attention.shape[1], attention.shape[2], -1));    // (B, H, N, O)
        if (normalises)
        {
            read = read / (read.amax([2], keepdim: true) + Epsilon);
        }

        var inside = masks.flatten(2).transpose(1, 2).unsqueeze(1);                                        // (B, 1, N, O)
        var each = Mean(read, 1 - inside) - Mean(read, inside);                                            // (B, H, O)
        var there = valid.unsqueeze(1);
        return ((each * there).sum(-1) / (there.sum(-1) + Epsilon)).mean().MoveToOuterDisposeScope();
    }

    private static Tensor Mean(Tensor read, Tensor cells) => (read * cells).sum(2) / (cells.sum(2) + Epsilon);
}
