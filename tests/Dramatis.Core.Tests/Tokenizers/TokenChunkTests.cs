using Dramatis.Requests;
using Dramatis.Tokenizers;

namespace Dramatis.Tests.Tokenizers;

public sealed class TokenChunkTests
{
    private static readonly ClipTokenizer Clip = new(BpeVocabulary.Clip);
    private static readonly PromptReading Entire = new(Weights: false, Whole: true);
    private static readonly PromptReading Weighted = new(Weights: true, Whole: false);

    [Theory]
    [InlineData("")]
    [InlineData("a cat")]
    [InlineData("a <|endoftext|> cat")]
    public void A_text_that_fits_is_one_chunk_as_the_reference_reads_it(string text)
    {
        foreach (var reading in new[] { default, Entire, Weighted })
        {
            var chunk = Assert.Single(TokenChunk.Of(Clip, text, reading));

            Assert.Equal(Clip.Encode(text), chunk.Ids);
            Assert.All(chunk.Weights, weight => Assert.Equal(1, weight));
        }
    }

    [Fact]
    public void A_longer_text_is_cut_unless_it_is_to_be_read_whole()
    {
        var text = Words(200);

        Assert.Equal(Clip.Encode(text), Assert.Single(TokenChunk.Of(Clip, text)).Ids);
        Assert.Equal(Clip.EncodeWords(text), TokenChunk.Of(Clip, text, Entire).SelectMany(WordsOf));
    }

    [Theory]
    [InlineData(75, 1)]
    [InlineData(76, 2)]
    [InlineData(150, 2)]
    [InlineData(151, 3)]
    public void A_chunk_holds_75_tokens_of_text(int words, int chunks)
    {
        Assert.Equal(chunks, TokenChunk.Of(Clip, Words(words), Entire).Count);
    }

    [Fact]
    public void A_word_of_several_tokens_is_not_cut_at_the_end_of_a_chunk()
    {
        const string Word = "antidisestablishmentarianism";
        var length = Clip.EncodeWords(Word).Count;
        Assert.True(length > 1);

        var chunks = TokenChunk.Of(Clip, $"{Words(74)} {Word} cat", Entire);

        Assert.Equal(Clip.EncodeWords(Words(74)), WordsOf(chunks[0]));
        Assert.Equal(Clip.EncodeWords($"{Word} cat"), WordsOf(chunks[1]));
    }

    [Fact]
    public void A_word_longer_than_a_chunk_fills_several()
    {
        var word = string.Concat(Enumerable.Repeat("qzxj", 100));

        var chunks = TokenChunk.Of(Clip, word, Entire);

        Assert.True(chunks.Count > 1);
        Assert.Equal(Clip.EncodeWords(word), chunks.SelectMany(WordsOf));
    }

    [Fact]
    public void Each_token_has_the_weight_of_its_word()
    {
        var chunk = Assert.Single(TokenChunk.Of(Clip, "a (red cat:1.5) sits", Weighted));

        Assert.Equal(Clip.Encode("a red cat sits"), chunk.Ids);
        Assert.Equal([1, 1, 1.5, 1.5, 1, 1, 1], chunk.Weights.Take(7));
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("cat", count));

    private static IEnumerable<int> WordsOf(TokenChunk chunk) => chunk.Ids.Skip(1).TakeWhile(id => id != Clip.EndId);
}
