using System.Text;
using Dramatis.Tokenizers;

namespace Dramatis.Tests.Tokenizers;

public sealed class QwenTokenizerTests
{
    private static readonly BpeVocabulary Vocabulary = BpeVocabulary.ByteLevel([("Ġ", "a"), ("c", "a"), ("ca", "t"), ("Ġ", "cat")]);
    private static readonly QwenTokenizer Tokenizer = new(Vocabulary, new Dictionary<string, int> { ["<|pad|>"] = 300, ["<|pad|>s"] = 301 });

    // The words that the reference's expression gives, by hand.
    [Theory]
    [InlineData("a cat", "a| cat")]
    [InlineData("I'll WE'VE'RE don't", "I|'ll| WE|'VE|'RE| don|'t")]
    [InlineData("it'ſ", "it|'ſ")]
    [InlineData("'tis", "'t|is")]
    [InlineData("'cat'", "'cat|'")]
    [InlineData("2026", "2|0|2|6")]
    [InlineData("a1 2", "a|1| |2")]
    [InlineData("a  cat", "a| | cat")]
    [InlineData("a   ", "a|   ")]
    [InlineData("a  !", "a| | !")]
    [InlineData("!?\n\nb", "!?\n\n|b")]
    [InlineData(" \n \n  b", " \n \n| | b")]
    [InlineData("\tcat\t1", "\tcat|\t|1")]
    [InlineData("\u3000貓", "\u3000貓")]
    [InlineData("𝐀𝐁 𠀀", "𝐀𝐁| 𠀀")]
    [InlineData("🦊fox 🎈", "🦊fox| 🎈")]
    [InlineData("", "")]
    public void Texts_are_cut_as_the_reference_does(string text, string words)
    {
        Assert.Equal(words, string.Join('|', QwenWords.Of(text)));
    }

    [Fact]
    public void The_words_are_the_text()
    {
        var random = new Random(7);
        const string Letters = "aB9é ' \n\r\t!貓\u0301\u00A0.🦊";
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 12).Select(_ => Letters.EnumerateRunes().ElementAt(random.Next(Letters.EnumerateRunes().Count()))));

            Assert.Equal(text, string.Concat(QwenWords.Of(text)));
        }
    }

    [Fact]
    public void Merges_apply_best_first_and_every_byte_has_an_id()
    {
        Assert.Equal([Vocabulary.Ids["cat"], Vocabulary.Ids["Ġcat"]], Tokenizer.Encode("cat cat"));
        Assert.Equal(Encoding.UTF8.GetByteCount("貓"), Tokenizer.Encode("貓").Count);
        Assert.Empty(Tokenizer.Encode(""));
    }

    [Fact]
    public void Special_tokens_in_the_text_are_found_the_longest_first()
    {
        Assert.Equal([Vocabulary.Ids["cat"], 301, 300, Vocabulary.Ids["cat"]], Tokenizer.Encode("cat<|pad|>s<|pad|>cat"));
    }

    [Fact]
    public void Characters_are_composed()
    {
        Assert.Equal(Tokenizer.Encode("\u00e9"), Tokenizer.Encode("e\u0301"));
    }
}
