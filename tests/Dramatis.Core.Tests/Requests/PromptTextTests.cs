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

    [Fact]
    public void Two_subjects_with_one_phrase_have_different_words()
    {
        var parsed = PromptText.Parse(Of("a fox and a fox", "fox", "fox"));

        Assert.Equal([2..5, 12..15], parsed.Words);
    }

    private static GenerationRequest Of(string prompt, params IEnumerable<string> phrases) => new()
    {
        Prompt = prompt,
        Subjects = [.. phrases.Select(phrase => new Subject { Phrase = phrase, References = [Reference.FromFile("a.png")] })],
    };
}
