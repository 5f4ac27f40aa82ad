using Dramatis.Networks.Clip;
using Dramatis.Networks.Prior;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Prior;

public sealed class PhraseStatesTests
{
    private const int End = 39;

    [Fact]
    public void A_phrase_is_its_last_token_or_the_end_whatever_it_is_padded_to()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var encoder = new ClipTextEncoder(new()
        {
            Tower = new() { Width = 16, Layers = 1, Heads = 2, InnerWidth = 32 },
            Vocabulary = End + 1,
            Positions = 16,
            End = End,
        });
        var (shorter, longer) = (new[] { 38, 5, End }, new[] { 38, 5, 6, 7, End });
        var alone = encoder.forward(tensor(shorter.Select(id => (long)id).ToArray()).unsqueeze(0)).LastHiddenState[0];

        var words = PhraseStates.Of(encoder, [shorter, longer], End, PhraseState.Word);
        var ends = PhraseStates.Of(encoder, [shorter, longer], End, PhraseState.Pooled);

        Assert.True(words[0].allclose(alone[1], atol: 1e-5));
        Assert.True(ends[0].allclose(alone[2], atol: 1e-5));
        Assert.Equal([2, 16], words.shape);
    }
}
