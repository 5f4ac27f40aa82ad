using Dramatis.Requests;
using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Tests.Stages;

public sealed class StageTests
{
    private static readonly Reference Picture = Reference.FromFile("a1");

    [Fact]
    public void A_request_comes_back_as_it_was()
    {
        var request = new GenerationRequest
        {
            Prompt = "a {fox} and a lamp",
            Subjects = [new() { Phrase = "fox", References = [Picture], Place = new(.1, .2, .5, .9), Strength = .7 }, new() { Phrase = "lamp", References = [Picture] }],
            Steps = 12,
            Seed = 3,
            Loras = [new("style", .5)],
        };

        Assert.Equal(request, Stage.Of(request).Request);
    }

    [Fact]
    public void What_the_browser_keeps_is_the_stage()
    {
        var stage = Stage.Of(new() { Prompt = "a {fox}", Subjects = [new() { Phrase = "fox", References = [Picture], Place = new(.1, .2, .5, .9) }] })
            .With(0, actor => actor with { Colour = 5, IsLocked = true });

        Assert.Equal(stage, StageText.Read(StageText.Write(stage)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""{"request":{"prompt":"a","fields_of_tomorrow":1}}""")]
    public void What_is_no_stage_is_left(string? text) => Assert.Null(StageText.Read(text));

    [Theory]
    [InlineData("", "fox", "a {fox}")]
    [InlineData("a {dog}", "fox", "a {dog} and a {fox}")]
    [InlineData("a {dog}", "owl", "a {dog} and an {owl}")]
    [InlineData("a fox on a beach", "fox", "a fox on a beach")]
    [InlineData("a {fox}", "fox", "a {fox} and another {fox}")]
    public void Who_comes_on_stage_stands_in_the_prompt(string prompt, string phrase, string expected)
    {
        var stage = new Stage { Order = new() { Prompt = prompt } };

        Assert.Equal(expected, stage.Add(new() { Phrase = phrase, References = [Picture] }).Order.Prompt);
    }

    [Fact]
    public void Another_name_goes_into_the_prompt()
    {
        var stage = Stage.Empty.Add(new() { Phrase = "fox", References = [Picture] }).Add(new() { Phrase = "", References = [Picture] });

        var renamed = stage.Rename(0, "red fox").Rename(1, "lamp");

        Assert.Equal("a {red fox} and a {lamp}", renamed.Order.Prompt);
        Assert.Equal(["red fox", "lamp"], renamed.Request.Subjects.Select(subject => subject.Phrase));
    }

    [Fact]
    public void Colours_stay_when_the_order_changes()
    {
        var stage = Stage.Empty.Add(new() { Phrase = "a", References = [Picture] }).Add(new() { Phrase = "b", References = [Picture] });

        var moved = stage.Move(0, 1);

        Assert.Equal([stage.Actors[1], stage.Actors[0]], moved.Actors);
        Assert.Equal(0, moved.Remove(1).Add(new() { Phrase = "c", References = [Picture] }).Actors[1].Colour);
    }

    [Theory]
    [InlineData(.5, .5, 1, 1)]
    [InlineData(0, 1, 2, 1)]
    [InlineData(1, 0, .5, 1.5)]
    public void A_picture_gets_a_box_of_its_shape_inside_the_picture(double x, double y, double shape, double ratio)
    {
        var box = Stage.Around(x, y, shape, ratio);

        Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 });
        Assert.Equal(shape, box.Width * ratio / box.Height, .02);
    }

    [Fact]
    public void Boxes_that_share_enough_are_told()
    {
        var stage = Stage.Of(new()
        {
            Prompt = "a b c",
            Subjects =
            [
                new() { Phrase = "a", Place = new(0, 0, .5, 1) },
                new() { Phrase = "b", Place = new(.25, 0, .75, 1) },
                new() { Phrase = "c", Place = new(.74, 0, 1, 1) },
            ],
        });

        var (first, second, share) = Assert.Single(Places.Overlaps(stage));

        Assert.Equal((0, 1), (first, second));
        Assert.Equal(.5, share, 1e-9);
    }

    [Fact]
    public void What_has_gone_is_left_alone()
    {
        var stage = Stage.Empty.Add(new() { Phrase = "fox" });

        Assert.Equal(stage, stage.Remove(1));
        Assert.Equal(stage, stage.Duplicate(1));
        Assert.Equal(stage, stage.Rename(1, "lamp"));
        Assert.Equal(stage, stage.Mention(1));
        Assert.Equal(stage, stage.Move(1, 0));
        Assert.Equal(stage, stage.Place(-1, new(0, 0, 1, 1)));
        Assert.Null(stage.IndexOf(stage.Actors[0].Colour + 1));
    }
}
