using Dramatis.Requests;
using Dramatis.Studio.Prompts;
using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Tests.Prompts;

public sealed class PromptViewTests
{
    [Theory]
    [InlineData("a {fox} and a {lamp}", "{fox}", "{lamp}")]
    [InlineData("a Fox, a lamp", "Fox", "lamp")]
    [InlineData("{{x}} a {lamp} and a fox", "fox", "{lamp}")]
    [InlineData("a foxglove", null, null)]
    [InlineData("a {fox} and a {", "{fox}", null)]
    [InlineData("a {fox} and an {owl}", "{fox}", null)]
    [InlineData("a fox<|image|> and a lamp<|image|> there", "fox", "lamp")]
    public void Words_are_found_where_the_engine_finds_them(string prompt, string? fox, string? lamp)
    {
        var view = PromptView.Of(Of(prompt));

        Assert.Equal(fox, WordsOf(view, 0));
        Assert.Equal(lamp, WordsOf(view, 1));
        Assert.Equal(prompt, string.Concat(view.Parts().Select(part => part.Text)));
    }

    [Fact]
    public void Weights_do_not_hide_words() => Assert.Equal("fox", WordsOf(PromptView.Of(Weighted("a (fox:1.3) and a lamp")), 0));

    [Fact]
    public void What_stands_too_far_back_is_unread()
    {
        var prompt = $"a fox{string.Concat(Enumerable.Repeat(" and a tree", 40))}";

        var view = PromptView.Of(Of(prompt));
        var read = view.Parts().Where(part => !part.IsUnread).Sum(part => part.Text.Length);

        Assert.InRange(read, 1, prompt.Length - 1);
        Assert.Equal(' ', prompt[read]);
        Assert.Equal(PromptView.MostTokens, prompt[..read].Split(' ').Length);    // each of these words is one token
        Assert.Equal(prompt.Length, PromptView.Of(Long(prompt)).Read);
    }

    private static string? WordsOf(PromptView view, int actor) => view.Words.TryGetValue(actor, out var range) ? view.Prompt[range] : null;

    private static Stage Of(string prompt) => Stage.Of(new()
    {
        Prompt = prompt,
        Subjects = [new() { Phrase = "fox", References = [Reference.FromFile("a")] }, new() { Phrase = "lamp", References = [Reference.FromFile("b")] }],
    });

    private static Stage Weighted(string prompt) => Of(prompt) is var stage ? stage with { Order = stage.Order with { PromptWeights = true } } : stage;

    private static Stage Long(string prompt) => Of(prompt) is var stage ? stage with { Order = stage.Order with { LongPrompt = true } } : stage;
}
