using Dramatis.Training.Preparation;

namespace Dramatis.Tests.Training.Preparation;

public sealed class NounPhrasesTests
{
    [Theory]
    [InlineData("a dog and a cat on a beach", "dog", "cat", "beach")]
    [InlineData("A man riding a big brown horse through the snow", "man", "big brown horse", "snow")]
    [InlineData("a woman wearing a red hat, holding her phone", "woman", "red hat", "phone")]
    [InlineData("the dog sits next to an old rusted car", "dog", "old rusted car")]
    [InlineData("a sleeping cat in a swimming pool", "sleeping cat", "swimming pool")]
    [InlineData("a red building behind a wooden railing", "red building", "wooden railing")]
    [InlineData("a black and white cow", "white cow")]
    [InlineData("a photo of a cup of coffee in front of a window", "cup", "coffee", "window")]
    [InlineData("a close-up of \"The Thinker\" in the background", "Thinker")]
    [InlineData("a brightly coloured parrot; the parrot flies over the sea.", "brightly coloured parrot", "parrot", "sea")]
    public void Things_are_found_with_what_stands_before_them(string caption, params string[] phrases) =>
        Assert.Equal(phrases, NounPhrases.Find(caption));

    [Theory]
    [InlineData("two dogs and several cats")]
    [InlineData("3 apples")]
    [InlineData("running and jumping")]
    [InlineData("a photo")]
    [InlineData("it is red")]
    [InlineData(" ,. — ")]
    [InlineData("")]
    public void What_counts_does_or_speaks_of_the_picture_is_no_thing(string caption) => Assert.Empty(NounPhrases.Find(caption));

    [Fact]
    public void A_thing_is_named_once() => Assert.Equal(["Dog", "ball"], NounPhrases.Find("Dog with ball. The dog likes to chase a ball"));
}
