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
    public void Settings_of_nothing_are_as_usual(string name)
    {
        var method = LearnedMethods.Find(name);

        Assert.Equal(Activator.CreateInstance(method.SettingsType), method.SettingsOf(new Dictionary<string, object>()));
        Assert.All(method.Settings, setting => Assert.NotEmpty(setting.Help));
    }

    [Fact]
    public void Settings_are_made_of_what_is_given()
    {
        var wanted = new LoraSettings { Rank = 8, Layers = ["to_q"], Layout = LoraLayout.Kohya };
        var given = new Dictionary<string, object> { ["rank"] = 8, ["layers"] = wanted.Layers, ["layout"] = wanted.Layout };

        Assert.Equal(wanted, LearnedMethods.Find("lora").SettingsOf(given));
    }
}
