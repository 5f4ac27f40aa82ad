using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class GenerationRequestTests
{
    private static readonly Subject Fox = new() { Phrase = "fox", References = [Reference.FromFile("fox.png")], Place = new(.1, .2, .5, .9) };

    private static readonly GenerationRequest Good = new() { Prompt = "a {fox} on a beach", Subjects = [Fox] };

    private static readonly Reference Picture = Reference.FromFile("picture.png");

    private static readonly Control Edges = new() { Model = "models/edges", Picture = Picture };

    public static TheoryData<string, GenerationRequest, string> Bad() => new()
    {
        { "prompt", Good with { Prompt = " ", Subjects = [] }, "empty" },
        { "prompt", Good with { Prompt = null! }, "is null; say what the picture shows" },
        { "negative_prompt", Good with { NegativePrompt = null! }, "is null; leave it out" },
        { "layout", Good with { Layout = null! }, "is null" },
        { "subjects[1]", Good with { Subjects = [Fox, null!] }, "is null" },
        { "subjects[0].phrase", Good with { Subjects = [Fox with { Phrase = null! }] }, "is null" },
        { "subjects[0].references[0]", Good with { Subjects = [Fox with { References = [null!] }] }, "is null" },
        { "controls[0].picture", Good with { Controls = [Edges with { Picture = null! }] }, "is null" },
        { "loras[0].file", Good with { Loras = [new(null!)] }, "is null" },
        { "prompt", Good with { Prompt = new('x', 1 << 20) }, "1,048,576 characters" },
        { "prompt", Good with { Prompt = "a {fox on a beach" }, "open" },
        { "prompt", Good with { Prompt = "a fox} on a beach" }, "no partner" },
        { "prompt", Good with { Prompt = "a {fox} and a {cat}" }, "{cat} marks no subject" },
        { "subjects[0].phrase", Good with { Prompt = "a foxglove on a beach" }, "\"fox\" is not in the prompt" },
        { "subjects[0].phrase", Good with { Subjects = [Fox with { Phrase = "" }] }, "empty" },
        { "subjects[0].place", Good with { Subjects = [Fox with { Place = new(0, 0, 1.2, 1) }] }, "not inside the picture" },
        { "subjects[0].place", Good with { Subjects = [Fox with { Place = new(.5, 0, .5, 1) }] }, "empty" },
        { "subjects[0].place", Good with { Subjects = [Fox with { Place = new(double.NaN, 0, 1, 1) }] }, "not inside" },
        { "subjects[0].strength", Good with { Subjects = [Fox with { Strength = double.PositiveInfinity }] }, "between 0 and 4" },
        { "subjects[0].start", Good with { Subjects = [Fox with { Start = -1 }] }, "between 0 and 1" },
        { "subjects[0].end", Good with { Subjects = [Fox with { Start = .6, End = .5 }] }, "start (0.6)" },
        { "size", Good with { Size = new(0, 128) }, "0x128" },
        { "size", Good with { Size = new(100000, 128) }, "100000x128" },
        { "steps", Good with { Steps = 0 }, "between 1 and 1000" },
        { "guidance", Good with { Guidance = double.NaN }, "NaN" },
        { "guidance_rescale", Good with { GuidanceRescale = double.NaN }, "NaN" },
        { "guidance_window", Good with { GuidanceWindow = new(.6, .5) }, "[0.6, 0.5]" },
        { "guidance_window", Good with { GuidanceWindow = new(0, double.NaN) }, "NaN" },
        { "schedule", Good with { Schedule = "keras" }, "there is leading, trailing, linspace, karras" },
        { "mask", Good with { Mask = Picture }, "give the \"image\"" },
        { "denoise", Good with { Denoise = .5 }, "give the \"image\"" },
        { "denoise", Good with { Image = Picture, Denoise = 0 }, "above 0" },
        { "denoise", Good with { Image = Picture, Denoise = double.NaN }, "NaN" },
        { "mask_feather", Good with { MaskFeather = 0 }, "give the \"mask\"" },
        { "mask_feather", Good with { Image = Picture, Mask = Picture, MaskFeather = 65 }, "not between 0 and 64" },
        { "prediction", Good with { Prediction = "v" }, "epsilon, v_prediction, sample" },
        { "controls", Good with { Controls = [.. Enumerable.Repeat(Edges, 9)] }, "more than 8" },
        { "controls[0].model", Good with { Controls = [Edges with { Model = "" }] }, "empty" },
        { "controls[1].scale", Good with { Controls = [Edges, Edges with { Scale = double.NaN }] }, "NaN" },
        { "controls[0].end", Good with { Controls = [Edges with { Start = .5, End = .4 }] }, "start (0.5)" },
        { "loras[0].file", Good with { Loras = [new("")] }, "empty" },
        { "loras[0].scale", Good with { Loras = [new("style.safetensors", double.PositiveInfinity)] }, "between -4 and 4" },
        { "frame.original", Good with { Frame = new(new(0, 512)) }, "0x512" },
        { "frame.crop", Good with { Frame = new(new(512, 512), left: -1) }, "[-1, 0]" },
        { "subjects[0].place", Good with { Subjects = [Fox with { PlaceMask = Picture }] }, "both a box and a mask" },
        { "subjects[0].reference_masks", Good with { Subjects = [Fox with { ReferenceMasks = [Picture, Picture] }] }, "2 for 1" },
        { "subjects[0].learned", Good with { Subjects = [Fox with { Learned = [.. Enumerable.Repeat<LearnedFile>("fox.pt", 9)] }] }, "9 are more than 8" },
        { "sampler", Good with { Sampler = "eular" }, "did you mean \"euler\"? there is ddim, euler, euler-ancestral" },
        { "layout.threshold", Good with { Layout = new() { Threshold = 1.5 } }, "between 0 and 1" },
        { "layout.start_step", Good with { Layout = new() { StartStep = 0 } }, "between 1 and 1000" },
        { "layout.binding", Good with { Layout = new() { Binding = -1 } }, "between 0 and 10" },
        { "count", Good with { Count = 0 }, "between 1 and 64" },
        { "subjects", Good with { Subjects = [.. Enumerable.Repeat(Fox, 17)] }, "more than 16" },
    };

    [Fact]
    public void A_good_request_passes() => Good.Validate();

    [Theory]
    [MemberData(nameof(Bad))]
    public void The_first_problem_is_named_with_its_field_and_value(string field, GenerationRequest request, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(request.Validate);

        Assert.Equal(field, error.Field);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_s_choices_fill_what_is_open_and_nothing_else()
    {
        var defaults = new GenerationDefaults
        {
            Size = new(128, 128),
            Steps = 20,
            Guidance = 2,
            GuidanceRescale = .7,
            Sampler = "ddim",
            Method = "ms-diffusion"
        };

        var full = defaults.Complete(Good with { Steps = 7, Seed = 5 });
        var contrasty = defaults.Complete(Good with { GuidanceRescale = 0 });

        Assert.Equal(
            Good with { Size = new(128, 128), Steps = 7, Seed = 5, Guidance = 2, GuidanceRescale = .7, Sampler = "ddim", Method = "ms-diffusion" }, full);
        Assert.Equal(0, contrasty.GuidanceRescale);
        Assert.InRange(contrasty.Seed!.Value, 0UL, uint.MaxValue);
        Assert.NotEqual(contrasty.Seed, defaults.Complete(Good).Seed);
    }

    [Fact]
    public void A_subject_that_was_learned_needs_no_picture() =>
        (Good with { Subjects = [Fox with { References = [], Learned = ["fox.safetensors"] }] }).Validate();

    [Fact]
    public void What_a_mask_shows_white_is_all_noise_and_a_picture_alone_is_not()
    {
        var defaults = new GenerationDefaults { Size = new(128, 128), Sampler = "ddim" };

        Assert.Null(defaults.Complete(Good).Denoise);
        Assert.Equal(1, defaults.Complete(Good with { Image = Picture, Mask = Picture }).Denoise);
        Assert.Equal(defaults.Denoise, defaults.Complete(Good with { Image = Picture }).Denoise);
    }

    [Fact]
    public void A_list_that_is_null_is_told_by_its_property()
    {
        Assert.Equal("Subjects", Assert.Throws<ArgumentNullException>(() => Good with { Subjects = null! }).ParamName);
        Assert.Equal("References", Assert.Throws<ArgumentNullException>(() => Fox with { References = null! }).ParamName);
    }
}
