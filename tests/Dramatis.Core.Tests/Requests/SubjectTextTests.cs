using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class SubjectTextTests
{
    [Fact]
    public void All_parts_are_read()
    {
        var subject = SubjectText.Parse("a cat=tom.png, tom2.png@0.05,0.3,0.5,0.95*0.8");

        Assert.Equal(
            new Subject
            {
                Phrase = "a cat",
                References = [Reference.FromFile("tom.png"), Reference.FromFile("tom2.png")],
                Place = new(.05, .3, .5, .95),
                Strength = .8,
            },
            subject);
    }

    [Fact]
    public void Marks_in_file_names_stay_in_them()
    {
        var subject = SubjectText.Parse("cat=tom@home*.png");

        Assert.Equal("tom@home*.png", subject.References[0].Path);
        Assert.Null(subject.Place);
    }

    [Fact]
    public void Files_that_were_learned_stand_among_the_pictures_or_for_them()
    {
        var both = SubjectText.Parse("cat=tom.png,lora:tom.safetensors, embedding:<tom>.safetensors,learned:tom.bin@0,0,1,1*0.5");
        var alone = SubjectText.Parse("cat=residual:tom.pt");

        Assert.Equal([Reference.FromFile("tom.png")], both.References);
        Assert.Equal(["tom.safetensors", new("<tom>.safetensors", LearnedKind.Embedding), "tom.bin"], both.Learned);
        Assert.Equal((.5, new Box(0, 0, 1, 1)), (both.Strength, both.Place));
        Assert.Equal([new("tom.pt", LearnedKind.Residual)], alone.Learned);
        Assert.Empty(alone.References);
    }

    [Fact]
    public void Words_may_stand_alone()
    {
        Assert.Equal(new Subject { Phrase = "red fox" }, SubjectText.Parse("red fox"));
        Assert.Equal(new Subject { Phrase = "red fox", Place = new(0, .5, .5, 1), Strength = .8 }, SubjectText.Parse("red fox@0,.5,.5,1*.8"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@0,0,1,1")]
    [InlineData("=tom.png")]
    [InlineData("cat=")]
    [InlineData("cat=a.png,,b.png")]
    [InlineData("cat=learned:")]
    [InlineData("cat=a.png,lora:")]
    [InlineData("cat=a.png@1,2,3")]
    [InlineData("cat=a.png@left")]
    [InlineData("cat=a.png@")]
    [InlineData("cat=a.JPG,b.webp@10%,20%,50%,60%")]
    [InlineData("cat=a.png@1,2,3,4-5")]
    [InlineData("cat=a.png*1.2.3")]
    public void Other_forms_are_refused_with_the_right_one(string text)
    {
        var error = Assert.Throws<InvalidRequestException>(() => SubjectText.Parse(text));

        Assert.Contains("PHRASE=PICTURE", error.Message, StringComparison.Ordinal);
    }
}
