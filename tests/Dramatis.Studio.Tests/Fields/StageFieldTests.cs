using Dramatis.Requests;
using Dramatis.Studio.Fields;
using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Tests.Fields;

public sealed class StageFieldTests
{
    private static readonly Stage Two = Stage.Of(new()
    {
        Prompt = "a fox and a lamp",
        Subjects = [new() { Phrase = "fox", References = [Reference.FromFile("a")] }, new() { Phrase = "lamp", References = [Reference.FromFile("b")] }],
        Loras = [new("x"), new("y")],
    });

    [Theory]
    [InlineData("steps", "12")]
    [InlineData("guidance", "3.5")]
    [InlineData("sampler", "euler")]
    [InlineData("seed", "18446744073709551615")]
    [InlineData("vae_tiling", "true")]
    [InlineData("layout.mode", "auto")]
    [InlineData("layout.binding", "0.5")]
    [InlineData("subjects[1].strength", "0.25")]
    [InlineData("subjects[1].method", "ip-adapter")]
    [InlineData("loras[1].scale", "-0.5")]
    public void A_control_sets_its_field_alone(string path, string text)
    {
        var field = StageField.At(path);

        var changed = field.With(Two, field.Parse(text));

        Assert.Equal(text, StageField.Text(field.Value(changed)));
        Assert.Equal(Two, field.With(changed, null));
        Assert.NotEqual(Two, changed);
    }

    [Fact]
    public void Each_field_of_a_request_has_a_control_or_a_reason()
    {
        var request = new GenerationRequest
        {
            Prompt = "a fox",
            Subjects = [new() { Phrase = "fox", References = [Reference.FromFile("a")] }],
            References = [Reference.FromFile("b")],
            Image = Reference.FromFile("c"),
            Mask = Reference.FromFile("d"),
            Layout = new() { Mode = LayoutMode.Auto },
        };
        string[] methods = ["ms-diffusion", "easyref", "cones2"];
        var shown = methods.SelectMany(method => Enum.GetValues<FieldGroup>().SelectMany(group => Shown(request, method).Of(group))).ToHashSet();
        string[] elsewhere =
        [
            "prompt", "negative_prompt", "subjects", "references", "image", "mask", "controls", "loras", "layout", "model", "size", "seed", "count",
            "frame",      // only a file says it
            "cut_out",    // a service has nothing that cuts out
        ];

        var all = RequestField.Of(typeof(GenerationRequest)).Select(field => field.Name)
            .Concat(RequestField.Of(typeof(LayoutOptions)).Where(field => field.Name != "file").Select(field => $"layout.{field.Name}"));

        Assert.Empty(all.Except(shown).Except(elsewhere));
    }

    [Theory]
    [InlineData("subjects[2].strength", ".5")]
    [InlineData("loras[2].scale", ".5")]
    public void A_control_of_what_has_gone_changes_nothing(string path, string text)
    {
        var field = StageField.At(path);

        Assert.Equal(Two, field.With(Two, field.Parse(text)));
    }

    [Fact]
    public void What_nothing_reads_is_not_shown()
    {
        var request = new GenerationRequest { Prompt = "a fox", Subjects = [new() { Phrase = "fox", References = [Reference.FromFile("a")] }] };

        Assert.DoesNotContain("layout.grounding", Shown(request, "ip-adapter").Of(FieldGroup.Subjects));
        Assert.Contains("layout.grounding", Shown(request, "ms-diffusion").Of(FieldGroup.Subjects));
        Assert.DoesNotContain("denoise", Shown(request, "ms-diffusion").Of(FieldGroup.Sources));
        Assert.DoesNotContain("mask_feather", Shown(request with { Image = Reference.FromFile("b") }, "ms-diffusion").Of(FieldGroup.Sources));
    }

    private static FieldsShown Shown(GenerationRequest request, string method) => new(request, new() { Size = new(64, 64), Method = method });
}
