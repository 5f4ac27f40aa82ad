using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Studio.Fields;

namespace Dramatis.Studio.Tests.Fields;

/// <summary>What is shown against what methods read, and against what the engine says of it.</summary>
public sealed class FieldsShownTests
{
    private static readonly Reference Picture = Reference.FromFile("a");
    private static readonly Subject Own = new() { Phrase = "fox", References = [Picture] };

    // What each flag lets somebody give, where it stands, and whether there is a control for it.
    private static readonly Dictionary<MethodReads, Given> Controls = new()
    {
        [MethodReads.SeveralReferences] = new("subjects[0].references", Of(subject => subject with { References = [Picture, Picture] }), fields => fields.TakesPictures(Own)),
        [MethodReads.ReferenceMasks] = new("subjects[0].reference_masks", Of(subject => subject with { ReferenceMasks = [Picture] }), fields => fields.IsRead("reference_masks", Own)),
        [MethodReads.Window] = new("subjects[0].start", Of(subject => subject with { Start = .2 }), fields => fields.IsRead("start", Own) && fields.IsRead("end", Own)),
        [MethodReads.Place] = new("subjects[0].place", Of(subject => subject with { Place = new(.1, .1, .5, .5) }, binding: .5), fields => fields.IsRead("place", Own)),
        [MethodReads.PlaceMask] = new("subjects[0].place", Of(subject => subject with { PlaceMask = Picture }, binding: .5), fields => fields.TakesMask(Own)),
        [MethodReads.AutoLayout] = new("layout.mode", Of(new LayoutOptions { Mode = LayoutMode.Auto }), fields => Shows(fields, "layout.mode") && fields.IsOfUse("layout.mode", "auto")),
        [MethodReads.WholeLayout] = new("layout.mode", Of(new LayoutOptions { Mode = LayoutMode.Whole }), fields => Shows(fields, "layout.mode") && fields.IsOfUse("layout.mode", "whole")),
        [MethodReads.Grounding] = new("layout.grounding", Of(new LayoutOptions { Grounding = false }), fields => Shows(fields, "layout.grounding")),
        [MethodReads.Binding] = new("layout.binding", Of(new LayoutOptions { Binding = .5 }), fields => Shows(fields, "layout.binding")),
        [MethodReads.Compat] = new("layout.compat", Of(new LayoutOptions { Compat = true }), fields => Shows(fields, "layout.compat")),
        [MethodReads.SeesSubjects] = new("controls[0].sees_subjects", order => order with { Controls = [new() { Model = "edges", Picture = Picture, SeesSubjects = true }] }, fields => fields.IsRead(MethodReads.SeesSubjects)),
        [MethodReads.Instruction] = new("instruction", order => order with { Instruction = "look" }, fields => Shows(fields, "instruction")),
    };

    // Why there is no control of their own.
    private static readonly Dictionary<MethodReads, string> Without = new()
    {
        [MethodReads.FoundPlaces] = "what is found where nothing is given",
        [MethodReads.BoundPlace] = "told at the place",
        [MethodReads.Words] = "a subject without a picture",
        [MethodReads.Group] = "the model's own adapter reads it, whatever keeps subjects",
    };

    public static TheoryData<string> Methods => [.. MethodCatalog.All.Select(method => method.Name)];

    [Fact]
    public void All_that_methods_can_read_is_thought_of() =>
        Assert.Empty(Enum.GetValues<MethodReads>().Except(Controls.Keys).Except(Without.Keys).Except([MethodReads.None]));

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_a_method_reads_has_a_control_and_nothing_else_has(string name)
    {
        var method = MethodCatalog.Find(name);
        foreach (var (reads, (path, give, isShown)) in Controls)
        {
            var order = give(OrderOf(method));

            Assert.True(isShown(Shown(order, name)) == method.Reads.HasFlag(reads), $"{name}, {reads}: {path}");
            Assert.True(NoticesOf(order, method).Contains(path) != method.Reads.HasFlag(reads), $"the engine, of {name}, {reads}: {path}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_only_the_layout_auto_reads_is_shown_with_it_alone(string name)
    {
        var method = MethodCatalog.Find(name);
        var order = OrderOf(method);
        var auto = order with { Layout = new() { Mode = LayoutMode.Auto, Threshold = .4, StartStep = 7 } };

        foreach (var path in (string[])["layout.threshold", "layout.start_step"])
        {
            Assert.False(Shows(Shown(order, name), path));
            Assert.Equal(!NoticesOf(auto, method).Contains(path), Shows(Shown(auto, name), path));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_place_that_is_not_kept_to_is_told_in_the_engines_words(string name)
    {
        var method = MethodCatalog.Find(name);
        foreach (var layout in (LayoutOptions[])[new(), new() { Mode = LayoutMode.Whole }, new() { Binding = .5 }])
        {
            var order = Of(subject => subject with { Place = new(.1, .1, .5, .5) })(OrderOf(method)) with { Layout = layout };

            Assert.Equal(NoticesOf(order, method).Contains("subjects[0].place"), Shown(order, name).PlaceProblem(order.Subjects[0]) is not null);
        }
    }

    [Fact]
    public void A_subject_is_kept_by_what_it_says_before_what_the_request_and_the_model_say()
    {
        var order = OrderOf(MethodCatalog.Find("ms-diffusion")) with { Method = "ip-adapter" };

        Assert.True(Shown(order, "ms-diffusion").TakesMask(order.Subjects[0]));
        Assert.False(Shows(Shown(order, "ms-diffusion"), "layout.grounding"));
        Assert.False(Shown(order, "ms-diffusion").TakesMask(order.Subjects[0] with { Method = "ms-diffusion" }));
        Assert.False(Shows(Shown(order with { Subjects = [order.Subjects[0] with { Method = "fastcomposer" }] }, "ms-diffusion"), "method"));
    }

    [Fact]
    public void A_subject_that_is_all_in_weights_and_words_has_neither_place_nor_time()
    {
        Subject learned = new() { Phrase = "tom", Learned = [new("cast:tom")] };
        GenerationRequest order = new() { Prompt = "tom", Subjects = [learned] };

        var inWeights = Shown(order, "ms-diffusion", "textual-inversion");
        var residual = Shown(order, "ms-diffusion", "cones2");

        Assert.False(inWeights.IsRead("place", learned) || inWeights.IsRead("start", learned) || Shows(inWeights, "layout.mode") || Shows(inWeights, "method"));
        Assert.True(residual.IsRead("place", learned) && residual.IsRead("start", learned) && residual.TakesMask(learned));
        Assert.False(residual.TakesPictures(learned));
        Assert.True(inWeights.IsRead("strength", learned));
    }

    [Fact]
    public void An_instruction_is_for_subjects_and_for_a_group()
    {
        var order = OrderOf(MethodCatalog.Find("easyref"));

        Assert.True(Shows(Shown(order, "easyref"), "instruction"));
        Assert.False(Shows(Shown(order with { Subjects = [] }, "easyref"), "instruction"));
        Assert.True(Shows(Shown(order with { Subjects = [], References = [Picture] }, "ms-diffusion"), "instruction"));
    }

    [Theory]
    [InlineData(7.5, "euler", true, true, true)]
    [InlineData(7.5, "ddim", true, true, false)]
    [InlineData(1, "lcm", false, false, false)]
    [InlineData(0, "ddpm", false, true, false)]
    public void What_a_models_own_guidance_and_sampler_leave_unread_is_not_shown(double guidance, string sampler, bool isGuided, bool hasSchedule, bool hasKarras)
    {
        GenerationDefaults usual = new() { Size = new(64, 64), Guidance = guidance, Sampler = sampler };
        var fields = new FieldsShown(new() { Prompt = "a beach" }, usual);

        Assert.Equal((isGuided, isGuided), (Shows(fields, "guidance_rescale"), Shows(fields, "guidance_window")));
        Assert.Equal((hasSchedule, hasKarras), (Shows(fields, "schedule"), fields.IsOfUse("schedule", "karras")));
        Assert.True(Shows(new FieldsShown(new() { Prompt = "a beach", Guidance = 3, Sampler = "heun" }, usual), "guidance_window"));
        Assert.True(Shows(fields, "guidance") && Shows(fields, "sampler") && Shows(fields, "steps"));
    }

    private static FieldsShown Shown(GenerationRequest order, string method, string? learnedBy = null) =>
        new(order, new() { Size = new(64, 64), Method = method, Sampler = "ddim" }, _ => learnedBy ?? method);

    private static bool Shows(FieldsShown fields, string path) => Enum.GetValues<FieldGroup>().Any(group => fields.Of(group).Contains(path));

    private static GenerationRequest OrderOf(Method method) => new()
    {
        Prompt = "a fox",
        Subjects = [method.Needs == SubjectNeeds.LearnedFile ? Own with { References = [], Learned = [new("fox.pt")] } : Own],
        Method = method.Name,
    };

    private static Func<GenerationRequest, GenerationRequest> Of(Func<Subject, Subject> change, double binding = 0) =>
        order => order with { Subjects = [change(order.Subjects[0])], Layout = order.Layout with { Binding = binding } };

    private static Func<GenerationRequest, GenerationRequest> Of(LayoutOptions layout) => order => order with { Layout = layout };

    // The fields of which the engine says that nothing reads them, or not to the letter.
    private static HashSet<string> NoticesOf(GenerationRequest order, Method method)
    {
        var told = new HashSet<string>();
        var parts = method.Needs == SubjectNeeds.LearnedFile ? new LearnedParts { Residual = "fox.pt" } : LearnedParts.None;
        var job = new PaintingJob
        {
            Request = order,
            Size = new(64, 64),
            Steps = 1,
            Guidance = 2,
            GuidanceRescale = 0,
            Sampler = SamplerKind.Ddim,
            Scheduler = new(),
            Prompt = PromptText.Parse(order),
            Subjects = [new(order.Subjects[0], parts, method)],
        };
        try
        {
            MethodRules.Check(job, (field, _) => told.Add(field));
        }
        catch (InvalidRequestException e) when (e.Field == "subjects[0].learned")
        {
            told.Add("subjects[0].references");    // a residual, and pictures beside it
        }

        return told;
    }

    /// <param name="Path">The field that it stands in.</param>
    private sealed record Given(string Path, Func<GenerationRequest, GenerationRequest> Give, Func<FieldsShown, bool> IsShown);
}
