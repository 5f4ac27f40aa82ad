using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class ForeignSyntaxTests
{
    [Theory]
    [InlineData("a cat <lora:watercolour:0.8> on a roof", "<lora:watercolour:0.8>", "--lora FILE")]
    [InlineData("a cat, <lyco:watercolour:1>", "<lyco:watercolour:1>", "--lora FILE")]
    [InlineData("a cat, <hypernet:old:1>", "<hypernet:old:1>", "no hypernetworks")]
    [InlineData("a cat, embedding:EasyNegative", "embedding:EasyNegative", "--lora FILE")]
    [InlineData("a (red:1.3) cat", "(red:1.3)", "--prompt-weights")]
    [InlineData("a ((red)) cat", "((red))", "--prompt-weights")]
    [InlineData("a [[[red]]] cat", "[[[red]]]", "--prompt-weights")]
    [InlineData("a cat::2 a dog", "::2", "--prompt-weights")]
    [InlineData("a [cat:dog:0.5]", "[cat:dog:0.5]", "the same in all steps")]
    [InlineData("a [cat|dog]", "[cat|dog]", "the same in all steps")]
    [InlineData("a __colour__ cat", "__colour__", "wildcards")]
    [InlineData("a cat BREAK a dog", "BREAK", "--long-prompt")]
    [InlineData("a cat AND a dog", "AND", "--long-prompt")]
    [InlineData("a cat --ar 16:9", "--ar 16:9", "beside the prompt")]
    public void What_steers_other_programs_is_told(string prompt, string piece, string words)
    {
        foreach (var (field, request) in new[]
        {
            ("prompt", new GenerationRequest { Prompt = prompt }), ("negative_prompt", new() { Prompt = "a", NegativePrompt = prompt }),
        })
        {
            var told = Assert.Single(ForeignSyntax.Find(request));

            Assert.Equal(field, told.Field);
            Assert.StartsWith($"\"{piece}\" is read as words: ", told.Text, StringComparison.Ordinal);
            Assert.Contains(words, told.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("@_@, 1girl, solo, ^_^, <3, o_o")]
    [InlineData("a cat (its fur wet) and a <new1> dog, 16:9")]
    [InlineData("a sign that says [sale] and (open) -- at last")]
    [InlineData("std::vector on a screen, 10::30")]
    [InlineData("SALT AND PEPPER")]
    [InlineData("the land of hope and glory, snake_case_name, well-known")]
    [InlineData("a clock at (quarter past: late)")]
    public void Plain_words_are_not(string prompt) => Assert.Empty(ForeignSyntax.Find(new() { Prompt = prompt }));

    [Fact]
    public void Weights_that_are_read_are_not() => Assert.Empty(ForeignSyntax.Find(new() { Prompt = "a (red:1.3) cat", PromptWeights = true }));

    [Fact]
    public void Stress_that_is_read_is_not() => Assert.Empty(ForeignSyntax.Find(new() { Prompt = "a ((red)) cat", PromptWeights = true }));
}
