using Dramatis.Networks.Clip;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.Prior;

/// <summary>Which state of a text encoder says what a phrase means.</summary>
internal enum PhraseState
{
    /// <summary>That at the end of the text.</summary>
    Pooled,

    /// <summary>That of the phrase's last token: what a denoiser reads of it, and what methods that learn words change.</summary>
    Word,
}

/// <summary>The states of phrases.</summary>
internal static class PhraseStates
{
    /// <param name="phrases">Token ids of N phrases, each from start to end, without padding.</param>
    /// <param name="padding">What shorter ones are filled up with.</param>
    /// <returns>(N, W)</returns>
    public static Tensor Of(ClipTextEncoder encoder, IReadOnlyList<int[]> phrases, int padding, PhraseState state, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var read = encoder.forward(TokenIds.Padded(phrases, padding, device));
        var states = state == PhraseState.Pooled ? read.Pooled
            : read.LastHiddenState[arange(phrases.Count, device: device), tensor(phrases.Select(ids => ids.Length - 2L).ToArray(), device: device)];
        return states.MoveToOuterDisposeScope();
    }
}
