using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class WeightedTextTests
{
    [Theory]
    [InlineData("a cat", "a cat*1")]
    [InlineData("", "")]
    [InlineData("a (cat:1.2) sits", "a *1|cat*1.2| sits*1")]
    [InlineData("a (cat:1) sits", "a cat sits*1")]
    [InlineData("a (cat) sits", "a *1|cat*1.1| sits*1")]
    [InlineData("a [(cat)] sits", "a cat sits*1")]
    [InlineData("(red (cat:2) sits:1.5)", "red *1.5|cat*3| sits*1.5")]
    [InlineData("(cat:0)", "cat*0")]
    [InlineData("( cat : .5 )", " cat *0.5")]
    [InlineData(@"a \(cat\) \[b\] \\ c\: d", @"a (cat) [b] \ c: d*1")]
    [InlineData(@"(ratio 16\:9)", "ratio 16:9*1.1")]
    [InlineData("(note: a cat)", "note: a cat*1.1")]
    [InlineData("at 5:30, (12:30 sharp)", "at 5:30, *1|12:30 sharp*1.1")]
    [InlineData("(a:(b))", "a:*1.1|b*1.21")]
    [InlineData("(a:1.5(b))", "a:1.5*1.1|b*1.21")]
    [InlineData("c:\\cats", "c:\\cats*1")]
    public void Brackets_become_weights(string text, string parts)
    {
        Assert.Equal(parts, string.Join('|', WeightedText.Parse(text).Parts.Select(part =>
            FormattableString.Invariant($"{part.Text}*{Math.Round(part.Weight, 9)}"))));
    }

    [Theory]
    [InlineData("a (cat", "character 3 has no partner")]
    [InlineData("a cat)", "character 6 has no partner")]
    [InlineData("a (cat]", "character 7 has no partner")]
    [InlineData("(cat:1,2)", "weight 1,2 before character 9")]
    [InlineData("(cat:-1)", "weight -1")]
    [InlineData("(cat:11)", "weight 11")]
    [InlineData("(cat:1e999)", "weight 1e999")]
    [InlineData("[cat:0.5]", "square bracket at character 1")]
    [InlineData("((cat:5):5)", "more than 10 times")]
    public void What_is_malformed_is_refused_where_it_is(string text, string problem)
    {
        var error = Assert.Throws<InvalidRequestException>(() => WeightedText.Parse(text, "negative_prompt"));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("negative_prompt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Brackets_nested_without_end_are_one_error()
    {
        var deep = new string('(', 5000) + "cat" + new string(')', 5000);

        Assert.Throws<InvalidRequestException>(() => WeightedText.Parse(deep));
    }

    [Theory]
    [InlineData("a (red {cat}:1.2) and [a {dog}]", "a red cat and a dog")]
    [InlineData("a {(cat:1.2)} and a {dog}", "a cat and a dog")]
    [InlineData("(a cat and a dog:1.3)", "a cat and a dog")]
    [InlineData("a (c)at and a dog", "a cat and a dog")]
    public void Subjects_are_found_between_brackets(string prompt, string text)
    {
        var parsed = PromptText.Parse(Request(prompt, weights: true));

        Assert.Equal(text, parsed.Text);
        Assert.Equal(["cat", "dog"], parsed.Words.Select(range => parsed.Text[range]));
    }

    [Fact]
    public void Brackets_are_text_where_the_request_does_not_ask_for_weights()
    {
        var parsed = PromptText.Parse(Request("a (cat:1.2) [and a dog", weights: false));

        Assert.Equal("a (cat:1.2) [and a dog", parsed.Text);
        Assert.Equal(parsed.Text, parsed.Written);
    }

    [Fact]
    public void A_request_checks_the_weights_of_both_prompts()
    {
        Assert.Throws<InvalidRequestException>(Request("a (cat and a dog", weights: true).Validate);
        Assert.Throws<InvalidRequestException>((Request("a cat and a dog", weights: true) with { NegativePrompt = "blur)" }).Validate);
    }

    private static GenerationRequest Request(string prompt, bool weights) => new()
    {
        Prompt = prompt,
        PromptWeights = weights,
        Subjects = [Subject("cat"), Subject("dog")],
    };

    private static Subject Subject(string phrase) => new() { Phrase = phrase, References = [Reference.FromFile("a.png")] };
}
