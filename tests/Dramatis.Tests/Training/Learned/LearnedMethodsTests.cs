using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Methods.Lora;
using Dramatis.Training.Learned;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;

namespace Dramatis.Tests.Training.Learned;

/// <summary>What holds for every line of the catalogue.</summary>
public sealed class LearnedMethodsTests
{
    public static TheoryData<string> Names => [.. LearnedMethods.All.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_method_says_how_what_it_learned_is_painted(string name)
    {
        var method = LearnedMethods.Find(name);

        var painted = method.Painted("runs/tom/model", "cat", method.PhraseOf("cat", method.UsualWord(0, "cat") ?? ""));

        Assert.NotEmpty(painted.Words);
        Assert.Equal(method.Together is LearnedTogether.OneModel, painted.Model is not null);
        Assert.Equal(method.Together is LearnedTogether.OneModel, painted.Subject is null);
        Assert.StartsWith(painted.Subject?.Phrase ?? "", painted.Words, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_that_are_as_usual_are_written_as_nothing_and_read_from_it(string name)
    {
        var method = LearnedMethods.Find(name);

        Assert.Empty(method.WriteSettings(method.ReadSettings([])));
    }

    [Fact]
    public void Settings_come_back_as_they_were_written()
    {
        var method = LearnedMethods.Find("lora");
        var written = method.WriteSettings(new LoraSettings { Rank = 8, Layers = ["to_q"], Layout = LoraLayout.Kohya });

        Assert.Equal("""{"rank":8,"layers":["to_q"],"layout":"kohya"}""", written.ToJsonString());
        Assert.Equal(written.ToJsonString(), method.WriteSettings(method.ReadSettings(written)).ToJsonString());
        Assert.Equal(8, Assert.IsType<LoraSettings>(method.ReadSettings(written)).Rank);
    }

    [Theory]
    [InlineData("rnk", "did you mean \"rank\"?")]
    [InlineData("rank", "wrong kind")]
    [InlineData("layout", "wrong kind")]
    public void A_setting_that_is_none_is_refused(string field, string words)
    {
        var e = Assert.Throws<InvalidRequestException>(() => LearnedMethods.Find("lora").ReadSettings(new JsonObject { [field] = "much" }));

        Assert.Equal($"settings.{field}", e.Field);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_breaks_a_setting_s_rule_is_refused()
    {
        var method = LearnedMethods.Find("dreambooth");

        Assert.Equal(
            "settings.min_snr",
            Assert.Throws<InvalidRequestException>(() => method.Check(method.ReadSettings(new JsonObject { ["min_snr"] = 0 }))).Field);
    }
}
