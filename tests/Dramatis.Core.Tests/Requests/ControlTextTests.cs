using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class ControlTextTests
{
    [Theory]
    [InlineData("models/edges=edges.png", 1, 0, 1)]
    [InlineData("models/edges=edges.png@0.8", .8, 0, 1)]
    [InlineData("models/edges=edges.png@0.8,0.2,0.7", .8, .2, .7)]
    public void Model_picture_and_numbers_are_one_line(string text, double scale, double start, double end)
    {
        var control = ControlText.Parse(text);

        Assert.Equal(new() { Model = "models/edges", Picture = Reference.FromFile("edges.png"), Scale = scale, Start = start, End = end }, control);
    }

    [Theory]
    [InlineData("style.safetensors", 1)]
    [InlineData("style*2.safetensors*-0.5", -.5)]
    public void A_file_of_weights_may_have_a_factor(string text, double scale) => Assert.Equal(scale, ControlText.ParseLora(text).Scale);

    [Theory]
    [InlineData("edges.png")]
    [InlineData("=edges.png")]
    [InlineData("models/edges=")]
    [InlineData("models/edges=edges.png@1,2")]
    [InlineData("models/edges=edges.png@1,,2")]
    public void Another_form_is_refused_with_the_right_one(string text)
    {
        var error = Assert.Throws<InvalidRequestException>(() => ControlText.Parse(text));

        Assert.Contains("MODEL=PICTURE", error.Message, StringComparison.Ordinal);
    }
}
