using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;

namespace Dramatis.Tests.Pipelines;

public sealed class MethodRulesTests(ToyboxWithoutPrior toybox) : IClassFixture<ToyboxWithoutPrior>
{
    private static readonly Subject Dog = new()
    {
        Phrase = "dog",
        References = [Reference.FromFile(Repository.SubjectPicture("dog"))],
        Place = new(.1, .2, .8, .9),
    };

    private static readonly Subject Learned = new() { Phrase = "dog", Learned = [new("dog.pt", LearnedKind.Residual)] };

    private static readonly Subject Word = new() { Phrase = "dog", Learned = [new("dog.safetensors", LearnedKind.Embedding)] };

    private static readonly LayoutOptions Everything = new()
    {
        Mode = LayoutMode.Auto,
        Threshold = .7,
        StartStep = 2,
        Grounding = false,
        Binding = 1.5,
        Compat = true,
    };

    [Fact]
    public void What_the_only_method_reads_is_not_told_of()
    {
        Assert.Empty(Notices(new() { Binding = 1 }, Dog with { Start = .2, End = .8, ReferenceMasks = Dog.References }));
        Assert.Empty(Notices(Everything, Dog));
        Assert.Empty(Notices(LayoutOptions.Usual, Dog with { Method = "ip-adapter", References = [Dog.References[0], Dog.References[0]], Start = .2 }));
        Assert.Empty(Notices(LayoutOptions.Usual, Learned with { Place = Dog.Place, End = .5 }));
    }

    [Fact]
    public void What_one_of_several_methods_reads_is_not_told_of() =>
        Assert.Empty(Notices(Everything, Dog, Dog with { Method = "ip-adapter" }));

    [Theory]
    [InlineData("ip-adapter", "layout.mode layout.threshold layout.start_step layout.grounding layout.binding layout.compat")]
    [InlineData("cones2", "layout.mode layout.threshold layout.start_step layout.grounding layout.binding layout.compat")]
    public void What_another_method_reads_is_told_of_field_by_field(string method, string fields)
    {
        var notices = Notices(Everything, method == "cones2" ? Learned : Dog with { Method = method });

        Assert.Equal(fields, string.Join(' ', notices.Select(notice => notice.Field)));
        Assert.Contains(("layout.binding", $"1.5 is not read: it is for ms-diffusion, fastcomposer, and this is {method}."), notices);
    }

    [Fact]
    public void A_layout_without_subjects_is_told_of() =>
        Assert.Equal([("layout.mode", "\"whole\" is not read: it is for ms-diffusion, cones2, and no method keeps a subject.")],
            Notices(new LayoutOptions { Mode = LayoutMode.Whole }));

    [Fact]
    public void Details_of_a_mode_are_told_of_in_another() =>
        Assert.Equal([("layout.threshold", "0.3 is not read: it is for the mode \"auto\" alone.")], Notices(new() { Threshold = .3 }, Dog));

    [Fact]
    public void A_place_that_counts_for_less_than_it_says_is_told_of()
    {
        var masked = Dog with { Place = null, PlaceMask = Dog.References[0] };

        Assert.Equal([("subjects[0].place", "is the box around the mask: ms-diffusion knows no other places.")], Notices(LayoutOptions.Usual, masked));
        Assert.Empty(Notices(LayoutOptions.Usual, masked with { Method = "ip-adapter" }));
        Assert.Equal(["subjects[0].place"], Notices(new() { Mode = LayoutMode.Whole }, Dog).Select(notice => notice.Field));
    }

    [Fact]
    public void A_control_that_shall_see_subjects_whose_method_shows_none_is_told_of()
    {
        var request = Request(LayoutOptions.Usual, Dog with { Method = "ip-adapter" }) with
        {
            Controls = [new() { Model = "edges", Picture = Dog.References[0], SeesSubjects = true }],
        };

        Assert.Equal([("controls[0].sees_subjects", "is not read: it is for ms-diffusion, and this is ip-adapter.")], Notices(request));
    }

    [Fact]
    public void A_method_that_reads_next_to_nothing_has_everything_told_of()
    {
        var method = new Method("blind", "", MethodReads.None, _ => throw new InvalidOperationException());
        var given = Dog with
        {
            References = [Dog.References[0], Dog.References[0]],
            ReferenceMasks = [Dog.References[0], Dog.References[0]],
            Start = .1,
            End = .9
        };
        var job = toybox.Painter.Prepare(Request(LayoutOptions.Usual, given)) with { Subjects = [new(given, LearnedParts.None, method)] };
        var fields = new List<string>();

        MethodRules.Check(job, (field, _) => fields.Add(field));

        Assert.Equal(["references", "reference_masks", "place", "start", "end"], fields.Select(field => field["subjects[0].".Length..]));
    }

    [Theory]
    [InlineData("ms-diffusion", "subjects[0].references")]
    [InlineData("cones2", "subjects[0]")]
    public void A_subject_that_lacks_what_its_method_keeps_it_by_is_refused(string method, string field)
    {
        var subject = method == "cones2" ? Dog : Word;

        Assert.Equal(field, Assert.Throws<InvalidRequestException>(() => Notices(LayoutOptions.Usual, subject with { Method = method })).Field);
    }

    public static TheoryData<string, Subject, string> Contradictions => new()
    {
        { "subjects[0].method", Learned with { Method = "ms-diffusion" }, "dog.pt is a residual, which is for cones2 alone" },
        { "subjects[0].learned", Learned with { References = Dog.References }, "a residual beside references" },
        { "subjects[0].learned", Learned with { Learned = [.. Learned.Learned, .. Learned.Learned] }, "has 2 residuals, dog.pt and dog.pt; a subject has one" },
        { "subjects[0].learned", Word with { Learned = [.. Word.Learned, .. Word.Learned] }, "has dog.safetensors twice" },
        { "subjects[0].start", Word with { Start = .2 }, "weights and words act in all steps" },
        { "subjects[0].start", Word with { End = .8, Place = Dog.Place }, "weights and words act in all steps" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void What_was_learned_and_what_is_said_of_it_go_together(string field, Subject subject, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(() => Notices(LayoutOptions.Usual, subject));

        Assert.Equal(field, error.Field);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_place_is_looked_for_where_no_method_uses_it()
    {
        var request = Request(LayoutOptions.Usual, Dog with { Place = null }) with { Size = new PixelSize(64, 64), Steps = 1 };
        var found = new List<int>();
        var watch = new PaintWatch { Placed = (subject, _) => found.Add(subject) };

        toybox.Painter.Paint(request with { Method = "ip-adapter" }, watch, TestContext.Current.CancellationToken);
        Assert.Empty(found);
        toybox.Painter.Paint(request, watch, TestContext.Current.CancellationToken);
        Assert.Equal([0], found);
    }

    private List<(string Field, string Text)> Notices(LayoutOptions layout, params Subject[] subjects) => Notices(Request(layout, subjects));

    private List<(string Field, string Text)> Notices(GenerationRequest request)
    {
        var told = new List<(string Field, string Text)>();
        toybox.Painter.Prepare(request, (field, text) => told.Add((field, text)));
        return told;
    }

    private static GenerationRequest Request(LayoutOptions layout, params Subject[] subjects) => new()
    {
        Prompt = "a dog and a dog on a beach",
        Subjects = subjects,
        Layout = layout,
    };
}
