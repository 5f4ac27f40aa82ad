using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>How strongly words are held: what is added to their logits inside a place, and taken away outside.</summary>
/// <param name="Rising">
/// b of b log(1 + σ²) std(logits), as Cones 2 has it (arXiv 2305.19327, section 4.3): much while a picture takes shape, next to nothing at its end.
/// </param>
/// <param name="Constant">The same at all noise levels: for what was trained so.</param>
internal readonly record struct BindingStrength(double Rising = 0, double Constant = 0);

/// <summary>Holds the words of subjects inside their places: cells inside read more of them, cells outside less.</summary>
/// <remarks>
/// A place that is the whole picture holds nothing. Shapes: B rows, H heads, n subjects, L text tokens, h x w cells, N = h w.
/// </remarks>
/// <param name="words">As <see cref="SubjectWords"/> makes them (B, n, L); none in negative rows.</param>
/// <param name="own">Keeps a tensor alive as long as the session that asks.</param>
internal sealed class WordBinding(Tensor words, BindingStrength strength, Func<Tensor, Tensor> own)
{
    private readonly Tensor words = own(words.clone());
    private readonly Dictionary<(Grid Grid, ActingSet Key), Tensor> signs = [];

    /// <param name="key">Stands for what covers the cells at this step.</param>
    /// <param name="cover">Which cells show each subject (B, n, h, w); asked for once for each grid and key.</param>
    public LogitEdit EditAt(AttentionCall call, ActingSet key, Func<Tensor> cover)
    {
        var sigma = call.Step.Sigma;
        var factor = strength.Rising * Math.Log(1 + (sigma * sigma));
        return logits =>
        {
            var signs = SignsAt(call.Grid, key, cover, logits.shape[^1]);
            return factor == 0
                ? logits + (strength.Constant * signs)
                : logits + (((factor * logits.std([1, 2, 3], keepdim: true)) + strength.Constant) * signs);
        };
    }

    // 1 for words of subjects that cover a cell, -1 for those of others, 0 for all other words (B, 1, N, L).
    private Tensor SignsAt(Grid grid, ActingSet key, Func<Tensor> cover, long length)
    {
        if (!signs.TryGetValue((grid, key), out var sign))
        {
            using var scope = NewDisposeScope();
            var covered = cover().flatten(2).to(words.dtype);                        // (B, n, N)
            var held = covered.amin([2], keepdim: true).eq(0) & covered.amax([2], keepdim: true).eq(1);
            var sides = ((2 * covered) - 1) * held.to(words.dtype);

            // A subject with several references is there several times.
            var each = sides.transpose(1, 2).matmul(words) / words.sum(1, keepdim: true).clamp(min: 1);
            sign = own(nn.functional.pad(each.unsqueeze(1), [0, length - words.shape[^1]]));
            signs.Add((grid, key), sign);
        }

        return sign;
    }
}
