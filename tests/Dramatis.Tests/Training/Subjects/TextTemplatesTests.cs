using Dramatis.Training.Subjects;

namespace Dramatis.Tests.Training.Subjects;

public sealed class TextTemplatesTests
{
    [Fact]
    public void Every_sentence_has_room_for_the_words_once()
    {
        Assert.Equal((27, 19), (TextTemplates.Objects.Count, TextTemplates.Styles.Count));
        Assert.All(TextTemplates.Objects.Concat(TextTemplates.Styles), template => Assert.Equal(2, template.Split("{}").Length));
    }

    [Fact]
    public void Words_take_the_place_of_the_braces() =>
        Assert.Equal("a painting in the style of <tom>", TextTemplates.Fill(TextTemplates.Styles[0], "<tom>"));
}
