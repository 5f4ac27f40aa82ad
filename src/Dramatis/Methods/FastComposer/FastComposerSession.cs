using Dramatis.Conditioning;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Methods.FastComposer;

/// <summary>A word that means a subject, and when it does.</summary>
/// <param name="Token">Its last token in the text.</param>
/// <param name="Image">The embedding of its picture (E).</param>
/// <param name="Strength">0 leaves the word as it is, 1 is as trained.</param>
/// <param name="Start">The fraction of the steps in which it is a word like others; the step that begins there still is.</param>
/// <param name="End">The fraction of the steps until which it acts.</param>
internal sealed record FusedWord(int Token, Tensor Image, double Strength, double Start, double End);

/// <summary>Delayed subject conditioning: the plain text at first, then the text whose words show their subjects.</summary>
/// <remarks>
/// FastComposer (Xiao et al., arXiv 2305.10431, section 4.3). Call i is the text's alone while i ≤ s, s = start times the steps, so that even
/// with start 0 the first one is. Negative rows never see a subject. What a step costs is the base model's: each text is made once.
/// Shapes: B rows, negative ones first, P positive ones, L text tokens, M words that act, D text width, E image width.
/// </remarks>
internal sealed class FastComposerSession : ConditioningSession
{
    private readonly IReadOnlyList<FusedWord> words;
    private readonly PostfuseNetwork postfuse;
    private readonly FastComposerTiming timing;
    private (Tensor Text, string Acting, Tensor Fused)? latest;

    /// <param name="words">Their tensors are the session's from now on.</param>
    /// <param name="postfuse">Borrowed.</param>
    public FastComposerSession(IReadOnlyList<FusedWord> words, PostfuseNetwork postfuse, FastComposerTiming timing)
    {
        (this.words, this.postfuse, this.timing) = (words, postfuse, timing);
        foreach (var word in words)
        {
            Own(word.Image);
        }
    }

    /// <summary>Whether a negative row comes before each positive one.</summary>
    public required bool HasNegativeRow { get; init; }

    /// <summary>What the words are among while a subject acts, if it is not the text itself (1, L, D).</summary>
    public Tensor? Among
    {
        get;
        init => field = value is null ? null : Own(value);
    }

    public override Tensor TextAt(StepInfo step, Tensor text)
    {
        FusedWord[] acting = [.. words.Where(word => timing.Acts(word, step))];
        if (acting.Length == 0)
        {
            return text;
        }

        // The same tensor as long as the same words act, so that its keys and values can be kept.
        var key = string.Join(' ', acting.Select(word => word.Token));
        if (latest is not { } kept || !ReferenceEquals(kept.Text, text) || kept.Acting != key)
        {
            latest = kept = (text, key, Own(Fuse(text, acting)));
        }

        return kept.Fused;
    }

    // (B, L, D)
    private Tensor Fuse(Tensor text, FusedWord[] acting)
    {
        using var scope = NewDisposeScope();
        var negative = HasNegativeRow ? text.shape[0] / 2 : 0;
        var positive = Among?.expand(text.shape[0] - negative, -1, -1) ?? text.narrow(0, negative, text.shape[0] - negative);
        var tokens = tensor(acting.Select(word => (long)word.Token).ToArray(), device: text.device);
        var states = positive.index_select(1, tokens);                                                    // (P, M, D)
        var images = stack(acting.Select(word => word.Image)).expand(positive.shape[0], -1, -1);          // (P, M, E)
        var fused = postfuse.forward(states, images);
        var strengths = tensor(acting.Select(word => (float)word.Strength).ToArray(), device: text.device).unsqueeze(-1);
        var changed = where(strengths.eq(1), fused, states + (strengths * (fused - states))).to(text.dtype);
        return cat([text.narrow(0, 0, negative), positive.index_copy(1, tokens, changed)]).MoveToOuterDisposeScope();
    }
}
