using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tests.Verification;
using Dramatis.Weights;
using TorchSharp;

namespace Dramatis.Tests.Pipelines;

/// <summary>The embedded model at few steps: what holds for every model.</summary>
public sealed class PainterTests : IClassFixture<PainterTests.Toybox>
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(GoldenData.InRepository, "..", ".."));

    private static readonly GenerationRequest Request = new()
    {
        Prompt = "a dog on a beach",
        Subjects = [new() { Phrase = "dog", References = [Reference.FromFile(Path.Combine(Root, "samples", "subjects", "dog.png"))], Place = new(.1, .2, .8, .9) }],
        Size = new(64, 64),
        Steps = 2,
        Seed = 7,
    };

    private readonly Painter painter;

    public PainterTests(Toybox toybox) => painter = toybox.Painter;

    [Fact]
    public void A_subject_changes_the_picture_and_one_without_strength_does_not()
    {
        var plain = Paint(Request with { Subjects = [] });

        Assert.NotEqual(plain, Paint(Request));
        Assert.Equal(plain, Paint(With(subject => subject with { Strength = 0 })));
    }

    [Fact]
    public void A_subject_that_acts_in_no_step_changes_nothing()
    {
        var plain = Paint(Request with { Subjects = [] });

        Assert.Equal(plain, Paint(With(subject => subject with { Start = .9, End = 1 })));
        Assert.NotEqual(plain, Paint(With(subject => subject with { Start = .5, End = 1 })));
    }

    [Fact]
    public void The_same_request_gives_the_same_picture_and_another_seed_another()
    {
        var first = Paint(Request);

        Assert.Equal(first, Paint(Request));
        Assert.NotEqual(first, Paint(Request with { Seed = 8 }));
    }

    [Fact]
    public void A_subject_s_own_method_counts_before_the_request_s()
    {
        var picture = Paint(Request);
        var own = With(subject => subject with { Method = "ms-diffusion" });
        var unknown = With(subject => subject with { Method = "magic" });

        Assert.Equal(picture, Paint(own with { Method = "magic" }));
        Assert.Equal("subjects[0].method", Assert.Throws<InvalidRequestException>(() => Paint(unknown)).Field);
    }

    [Fact]
    public void Guidance_in_no_step_is_no_guidance_and_in_some_is_something_between()
    {
        var plain = Request with { Subjects = [], Steps = 4 };
        var guided = Paint(plain with { Guidance = 5 });
        var half = Paint(plain with { Guidance = 5, GuidanceWindow = new(.5, 1) });

        Assert.Equal(guided, Paint(plain with { Guidance = 5, GuidanceWindow = StepWindow.All }));
        Assert.NotEqual(guided, half);
        Assert.NotEqual(half, Paint(plain with { Guidance = 5, GuidanceWindow = new(0, 0) }));
    }

    [Fact]
    public void Rescaled_guidance_and_another_schedule_change_the_picture()
    {
        var plain = Request with { Subjects = [], Guidance = 5 };

        Assert.NotEqual(Paint(plain), Paint(plain with { GuidanceRescale = .7 }));
        Assert.NotEqual(Paint(plain with { Schedule = "leading" }), Paint(plain with { Schedule = "trailing" }));
    }

    [Fact]
    public void What_nothing_does_yet_is_refused_rather_than_painted_without()
    {
        var picture = Request.Subjects[0].References[0];

        Assert.Equal("image", Assert.Throws<InvalidRequestException>(() => Paint(Request with { Image = picture })).Field);
        Assert.Equal("loras", Assert.Throws<InvalidRequestException>(() => Paint(Request with { Loras = [new("style.safetensors")] })).Field);
        Assert.Equal("subjects[0].place", Assert.Throws<InvalidRequestException>(() => Paint(With(subject => subject with { Place = null, PlaceMask = picture }))).Field);
    }

    [Fact]
    public void Stopping_takes_at_most_the_step_under_way()
    {
        using var stop = new CancellationTokenSource();
        var steps = 0;

        Assert.Throws<OperationCanceledException>(() => painter.Paint(
            Request with { Steps = 5 },
            (done, _) =>
            {
                steps = done;
                stop.Cancel();
            },
            cancellationToken: stop.Token));

        Assert.Equal(1, steps);
    }

    [Fact]
    public void A_subject_without_a_place_gets_one_and_the_caller_is_told()
    {
        var request = With(subject => subject with { Place = null });
        (int Subject, Box Place)? told = null;

        var picture = painter.Paint(request, onPlaced: (subject, place) => told = (subject, place), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, told?.Subject);
        var found = told!.Value.Place;
        Assert.True(found is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1, Width: > .1, Height: > .1 });
        Assert.Equal(picture.Rgba, Paint(With(subject => subject with { Place = found })));
    }

    [Fact]
    public void Places_given_are_told_to_nobody_and_layouts_differ()
    {
        var boxes = Paint(Request);
        var auto = Request with { Layout = new() { Mode = LayoutMode.Auto, StartStep = 2 } };

        Assert.Equal(boxes, Paint(auto with { Layout = auto.Layout with { StartStep = 3 } }));
        Assert.NotEqual(boxes, Paint(auto));
        Assert.NotEqual(boxes, Paint(Request with { Layout = new() { Mode = LayoutMode.Whole } }));
        Assert.NotEqual(boxes, Paint(Request with { Layout = new() { Binding = 1 } }));
        Assert.NotEqual(boxes, Paint(Request with { Layout = new() { Grounding = false } }));
        painter.Paint(Request, onPlaced: (_, _) => Assert.Fail("it has a place"), cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_reference_that_shows_nothing_is_refused()
    {
        var empty = Reference.FromBytes(PictureWriter.EncodePng(new Picture(8, 8)));

        var error = Assert.Throws<InvalidRequestException>(() => Paint(With(subject => subject with { References = [empty] })));

        Assert.Equal("subjects[0].references[0]", error.Field);
        Assert.Contains("transparent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        Paint(Request);
        Paint(With(subject => subject with { Place = null }) with { Layout = new() { Binding = 1 } });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Paint(Request);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Fifty_generations_leave_no_more_tensors_alive_than_one()
    {
        var small = Request with { Subjects = [], Steps = 1 };
        Paint(small);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 50; i++)
        {
            Paint(small with { Seed = (ulong)i });
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    private byte[] Paint(GenerationRequest request) => painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private static GenerationRequest With(Func<Subject, Subject> change) => Request with { Subjects = [change(Request.Subjects[0])] };

    public sealed class Toybox : IDisposable
    {
        public Painter Painter { get; } = new(BaseModel.Load(Path.Combine(Root, "models", "toybox")));

        public void Dispose() => Painter.Dispose();
    }
}
