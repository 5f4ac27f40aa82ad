using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class PromptTextTests
{
    [Theory]
    [InlineData("a {fox} on a beach", "fox", "a fox on a beach", "fox")]
    [InlineData("a Fox and a fox", "fox,fox", "a Fox and a fox", "Fox,fox")]
    [InlineData("a fox and a {fox}", "fox,fox", "a fox and a fox", "fox,fox")]
    [InlineData("a sun with face and a sun", "sun,sun with face", "a sun with face and a sun", "sun,sun with face")]
    [InlineData("{{a}} fox", "fox", "{a} fox", "fox")]
    public void Words_are_found_and_braces_go(string prompt, string phrases, string text, string words)
    {
        var parsed = PromptText.Parse(Of(prompt, phrases.Split(',')));

        Assert.Equal(text, parsed.Text);
        Assert.Equal(words.Split(','), parsed.Words.Select(range => parsed.Text[range]));
    }

    [Theory]
    [InlineData("a man <|image|> and a man<|image|> reading", "man,man", "a man and a man reading", "man,man")]
    [InlineData("a Man  <|image|>, {a dog}", "man,a dog", "a Man, a dog", "Man,a dog")]
    public void Placeholders_mark_the_words_before_them(string prompt, string phrases, string text, string words)
    {
        var parsed = PromptText.Parse(Of(prompt, phrases.Split(',')));

        Assert.Equal(text, parsed.Text);
        Assert.Equal(words.Split(','), parsed.Words.Select(range => parsed.Text[range]));
    }

    [Theory]
    [InlineData("<|image|> a man", "does not follow the words \"man\"")]
    [InlineData("a snowman <|image|>", "does not follow")]
    [InlineData("a man<|image|>kind", "does not follow")]
    [InlineData("a man <|image|> <|image|>", "more <|image|> than there are subjects (1)")]
    public void A_placeholder_without_its_subject_s_words_is_refused(string prompt, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(() => PromptText.Parse(Of(prompt, "man")));

        Assert.Equal("prompt", error.Field);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_subjects_with_one_phrase_have_different_words()
    {
        var parsed = PromptText.Parse(Of("a fox and a fox", "fox", "fox"));

        Assert.Equal([2..5, 12..15], parsed.Words);
    }

    [Theory]
    [InlineData("a {cat} and a dog", false, "a <subject-0> and a <subject-1>")]
    [InlineData("a dog and a cat", false, "a <subject-1> and a <subject-0>")]
    [InlineData("a category of cat, (a dog:1.2)", true, "a category of <subject-0>, (a <subject-1>:1.2)")]
    [InlineData(@"\(a cat\) ({dog}:1.3)", true, @"\(a <subject-0>\) (<subject-1>:1.3)")]
    public void Subjects_can_be_called_otherwise(string prompt, bool weights, string written)
    {
        var parsed = PromptText.Parse(Of(prompt, "cat", "dog") with { PromptWeights = weights }).With(i => $"<subject-{i}>");

        Assert.Equal(written, parsed.Written);
        Assert.Equal(["<subject-0>", "<subject-1>"], parsed.Words.Select(range => parsed.Text[range]));
    }

    [Fact]
    public void Only_those_that_have_a_name_are_called_otherwise()
    {
        var parsed = PromptText.Parse(Of("a cat and a dog", "cat", "dog")).With(i => i == 0 ? "<kitten>" : null);

        Assert.Equal("a <kitten> and a dog", parsed.Written);
        Assert.Equal(["<kitten>", "dog"], parsed.Words.Select(range => parsed.Text[range]));
    }

    [Fact]
    public void A_name_for_words_that_brackets_cut_in_two_is_refused()
    {
        var parsed = PromptText.Parse(Of("a (black) cat", "black cat") with { PromptWeights = true });

        Assert.Contains("brackets inside", Assert.Throws<InvalidRequestException>(() => parsed.With(_ => "<kitten>")).Message, StringComparison.Ordinal);
    }

    private static GenerationRequest Of(string prompt, params IEnumerable<string> phrases) => new()
    {
        Prompt = prompt,
        Subjects = [.. phrases.Select(phrase => new Subject { Phrase = phrase, References = [Reference.FromFile("a.png")] })],
    };
}
