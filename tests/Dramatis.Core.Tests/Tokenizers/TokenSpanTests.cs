using Dramatis.Tokenizers;

namespace Dramatis.Tests.Tokenizers;

public sealed class TokenSpanTests
{
    private static readonly ClipTokenizer Clip = new(BpeVocabulary.Clip);

    [Theory]
    [InlineData("best quality, high quality, a dog on the beach", "dog", 8, 9)]
    [InlineData("a stuffed animal, and a toy", "stuffed animal", 2, 4)]
    [InlineData("dog", "dog", 1, 2)]
    public void A_phrase_is_its_tokens_behind_the_start_of_text(string prompt, string phrase, int start, int end)
    {
        var at = prompt.IndexOf(phrase, StringComparison.Ordinal);

        Assert.Equal(new TokenSpan(start, end), TokenSpan.Of(Clip, prompt, at..(at + phrase.Length)));
        Assert.Equal(new TokenSpan(start, end), PhraseMatch.Find(Clip, prompt, phrase).Span);
    }

    [Theory]
    [InlineData("a dog and a dog in a room", "dog", 5, 6, 4, 5)]
    [InlineData("a stuffed animal and a stuffed animal", "stuffed animal", 6, 8, 5, 7)]
    public void A_second_match_is_where_it_stands_and_the_reference_s_too_far_left(
        string prompt, string phrase, int start, int end, int wrongStart, int wrongEnd)
    {
        var at = prompt.LastIndexOf(phrase, StringComparison.Ordinal);

        Assert.Equal(new TokenSpan(start, end), TokenSpan.Of(Clip, prompt, at..(at + phrase.Length)));
        Assert.Equal(new TokenSpan(wrongStart, wrongEnd), PhraseMatch.Find(Clip, prompt, phrase, passOver: 1).Span);
    }

    [Fact]
    public void Words_that_the_encoder_cuts_off_have_no_tokens()
    {
        var prompt = string.Concat(Enumerable.Repeat("a ", 74));

        Assert.Equal(new TokenSpan(75, 76), TokenSpan.Of(Clip, prompt + "dog", 148..151));
        Assert.True(TokenSpan.Of(Clip, prompt + "a dog", 150..153).IsEmpty);
    }
}
