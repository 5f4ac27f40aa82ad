using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Weights;
using TorchSharp;

namespace Dramatis.Tests.Pipelines;

/// <summary>The embedded model at few steps: what holds for every model.</summary>
public sealed class PainterTests : IClassFixture<PainterTests.Toybox>
{
    private static readonly GenerationRequest Request = new()
    {
        Prompt = "a dog on a beach",
        Subjects = [new() { Phrase = "dog", References = [Reference.FromFile(Repository.SubjectPicture("dog"))], Place = new(.1, .2, .8, .9) }],
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
    public void Weights_held_as_stored_paint_the_same_picture()
    {
        using var narrow = new Painter(BaseModel.Load(ToyboxFolder.Path, new() { Storage = WeightStorage.AsStored }));

        var request = Request with { Size = new(128, 128) };    // at 64 the innermost map is one cell, whose layout the library takes as it likes

        Assert.Equal(Paint(request), narrow.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba);
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

    [Theory]
    [InlineData(10, false, 0, 0)]
    [InlineData(80, false, 0, 2)]
    [InlineData(80, true, 0, 0)]
    [InlineData(80, true, 1, 1)]
    public void A_subject_whose_words_are_not_reached_is_told_of(int wordsBefore, bool whole, double binding, int notices)
    {
        var told = new List<(string Field, string Text)>();
        var request = Request with
        {
            Prompt = string.Concat(Enumerable.Repeat("sun ", wordsBefore)) + "and a dog",
            LongPrompt = whole,
            Layout = new() { Binding = binding },
        };

        painter.Paint(request, new() { Notice = (field, text) => told.Add((field, text)) }, TestContext.Current.CancellationToken);

        Assert.Equal(notices, told.Count);
        Assert.All(told.TakeLast(1), notice => Assert.StartsWith("\"dog\" stands beyond token 77: ", notice.Text, StringComparison.Ordinal));
        Assert.All(told, notice => Assert.Equal("prompt", notice.Field));
    }

    [Theory]
    [InlineData(false, "prompt: \"", "negative_prompt: \"")]
    [InlineData(true)]
    public void Words_that_are_cut_off_are_told_of(bool whole, params string[] notices)
    {
        var told = new List<string>();
        var request = Request with
        {
            Prompt = "a dog" + string.Concat(Enumerable.Repeat(" sun", 80)) + " by a lake",
            NegativePrompt = string.Concat(Enumerable.Repeat("sun ", 80)) + "and text",
            LongPrompt = whole,
        };

        painter.Paint(request, new() { Notice = (field, text) => told.Add($"{field}: {text}") }, TestContext.Current.CancellationToken);

        Assert.Equal(notices.Length, told.Count);
        Assert.All(told.Zip(notices), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.All(told, text => Assert.Contains("\" stands beyond token 77 and is not read.", text, StringComparison.Ordinal));
        Assert.All(told.Zip([request.Prompt, request.NegativePrompt]), pair => Assert.Contains(pair.First.Split('"')[1].TrimEnd('…'), pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void A_subject_s_own_method_counts_before_the_request_s()
    {
        var picture = Paint(Request);
        var own = With(subject => subject with { Method = "ms-diffusion" });
        var unknown = With(subject => subject with { Method = "magic" });

        Assert.Equal(picture, Paint(own with { Method = "cones2" }));
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

        Assert.NotEqual(Paint(plain with { GuidanceRescale = 0 }), Paint(plain with { GuidanceRescale = .7 }));
        Assert.NotEqual(Paint(plain with { Schedule = "leading" }), Paint(plain with { Schedule = "trailing" }));
    }

    [Fact]
    public void What_the_model_cannot_do_is_refused_rather_than_painted_without()
    {
        Assert.Equal("frame", Assert.Throws<InvalidRequestException>(() => Paint(Request with { Frame = new(new(64, 64)) })).Field);
    }

    [Fact]
    public void A_picture_to_begin_with_changes_the_painting_the_less_the_less_noise_there_is()
    {
        var start = Grounds(Rgb.Gray(230));
        var plain = Request with { Subjects = [], Steps = 10, Image = Png(start) };

        var little = Difference(start.Rgba, Paint(plain with { Denoise = .1 }));
        var much = Difference(start.Rgba, Paint(plain with { Denoise = .9 }));

        Assert.True(little < much / 2, $"{little} of {much}");
        Assert.Equal(Paint(plain with { Denoise = .5 }), Paint(plain with { Denoise = .5 }));
    }

    [Fact]
    public void What_a_mask_keeps_stays_byte_for_byte_and_the_rest_is_painted()
    {
        var start = Grounds(new(200, 40, 40));
        var mask = Grounds(Rgb.Black);
        for (var y = 0; y < 64; y++)
        {
            mask.Row(y)[..(4 * 32)].Fill(255);
        }

        var painted = Paint(Request with { Subjects = [], Image = Png(start), Mask = Png(mask) });

        var columns = Enumerable.Range(0, painted.Length / 4).ToLookup(i => i % 64 < 32, i => painted[4 * i] == 200 && painted[(4 * i) + 1] == 40);
        Assert.All(columns[false], Assert.True);
        Assert.Contains(columns[true], isKept => !isKept);
        Assert.Equal("mask", Assert.Throws<InvalidRequestException>(() => Paint(Request with { Image = Png(start), Mask = Png(Grounds(Rgb.Black)) })).Field);
    }

    [Fact]
    public void A_size_that_the_model_cannot_paint_is_rounded_down_with_a_notice()
    {
        var told = new List<string>();

        var full = painter.Prepare(Request with { Size = new(71, 66) }, (field, _) => told.Add(field));

        Assert.Equal(new(64, 64), full.Size);
        Assert.Equal(["size"], told);
    }

    [Theory]
    [InlineData(256, 256, 256, 256, false)]
    [InlineData(1600, 1200, 296, 224, true)]
    [InlineData(80, 180, 168, 384, true)]
    [InlineData(4000, 64, 2024, 64, true)]
    public void A_picture_to_begin_with_is_brought_to_about_the_model_s_size(int width, int height, int paintedWidth, int paintedHeight, bool isTold)
    {
        var told = new List<string>();
        var image = Png(Picture.Filled(width, height, Rgb.White));

        var job = painter.Prepare(Request with { Size = null, Image = image }, (field, _) => told.Add(field));

        Assert.Equal(new(paintedWidth, paintedHeight), job.Size);
        Assert.Equal(isTold ? ["image"] : [], told);
        Assert.Equal(new(64, 72), painter.Prepare(Request with { Size = new(64, 72), Image = image }).Size);
    }

    [Theory]
    [InlineData(3, 40)]
    [InlineData(7, 7)]
    [InlineData(1, 64)]
    public void A_mask_that_is_thinner_than_a_cell_is_painted(int height, int width)
    {
        var (start, mask) = (Grounds(Rgb.Gray(120)), Grounds(Rgb.Black));
        for (var y = 0; y < height; y++)
        {
            mask.Row(y + 33)[..(4 * width)].Fill(255);
        }

        var request = Request with { Subjects = [], Image = Png(start), Mask = Png(mask), Steps = 4, Guidance = 7 };

        var told = new List<string>();
        var ball = painter.Paint(
            request with { Prompt = "a red ball" }, new() { Notice = (field, _) => told.Add(field) }, TestContext.Current.CancellationToken).Rgba;

        Assert.NotEqual(ball, Paint(request with { Prompt = "a blue house" }));
        Assert.Equal(["mask"], told);
    }

    [Fact]
    public void The_edge_of_a_mask_is_feathered_inwards_unless_it_is_not_to_be()
    {
        var (start, mask) = (Grounds(new(200, 40, 40)), Grounds(Rgb.Black));
        for (var y = 0; y < 64; y++)
        {
            mask.Row(y)[..(4 * 32)].Fill(255);
        }

        var request = Request with { Subjects = [], Image = Png(start), Mask = Png(mask) };
        var (hard, soft) = (Paint(request with { MaskFeather = 0 }), Paint(request));

        Assert.Equal(soft, Paint(request with { MaskFeather = 4 }));
        for (var x = 0; x < 64; x++)
        {
            var at = 4 * ((64 * 32) + x);
            var share = x >= 32 ? 0 : Math.Min(1, (32 - x) / 4.0);
            Assert.InRange(soft[at] - ((share * hard[at]) + ((1 - share) * 200)), -1.5, 1.5);
        }
    }

    [Theory]
    [InlineData("euler", "karras", null)]
    [InlineData("unipc", "karras", null)]
    [InlineData("ddim", "karras", "ddim has no such noise levels")]
    [InlineData("ddpm", "karras", "ddpm has no such noise levels")]
    [InlineData("pndm", "karras", "pndm has no such noise levels")]
    [InlineData("euler-ancestral", "karras", "euler-ancestral has no such noise levels")]
    [InlineData("lcm", "karras", "lcm visits the noise levels")]
    [InlineData("lcm", "trailing", "lcm visits the noise levels")]
    [InlineData("pndm", "trailing", null)]
    public void A_schedule_that_a_sampler_does_not_go_by_is_told(string sampler, string schedule, string? words)
    {
        var told = Notices(Request with { Sampler = sampler, Schedule = schedule });

        AssertTold(told, "schedule", words);
    }

    [Fact]
    public void Every_pair_of_sampler_and_schedule_acts_or_is_told()
    {
        var plain = Request with { Subjects = [], Steps = 3 };
        foreach (var sampler in SamplerKinds.All)
        {
            var usual = Paint(plain with { Sampler = sampler, Schedule = "trailing" });
            var karras = plain with { Sampler = sampler, Schedule = "karras" };

            Assert.Equal(SamplerKinds.HasKarras(SamplerKinds.Parse(sampler)), Notices(karras).Count == 0);
            if (Notices(karras).Count == 0)
            {
                Assert.NotEqual(usual, Paint(karras));
            }
        }
    }

    [Fact]
    public void What_only_guidance_reads_is_told_without_any()
    {
        var plain = Request with { NegativePrompt = "rain", GuidanceRescale = .5, GuidanceWindow = new(0, .5) };

        Assert.Equal(["negative_prompt", "guidance_rescale", "guidance_window"], Notices(plain with { Guidance = 1 }).Select(notice => notice.Field));
        Assert.Empty(Notices(plain with { Guidance = 2 }));
    }

    [Fact]
    public void At_least_one_step_is_taken_and_told()
    {
        var request = Request with { Subjects = [], Image = Png(Grounds(Rgb.Gray(120))), Denoise = .8, Steps = 1 };

        AssertTold(Notices(request), "denoise", "0.8 of 1 steps leaves none: one is taken");
        Assert.NotEqual(Paint(request), Paint(request with { Prompt = "a house", Denoise = .3 }));
        Assert.Empty(Notices(request with { Steps = 2 }));
    }

    [Fact]
    public void What_a_network_predicts_may_be_said_and_pure_noise_goes_with_velocities_alone()
    {
        var own = Paint(Request);

        Assert.Equal(own, Paint(Request with { Prediction = "v_prediction" }));
        Assert.NotEqual(own, Paint(Request with { Prediction = "sample" }));
        var error = Assert.Throws<InvalidRequestException>(() => Paint(Request with { Prediction = "epsilon" }));
        Assert.Equal("prediction", error.Field);
        Assert.Contains("zero terminal SNR", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_picture_is_told_before_anything_is_made_ready()
    {
        var cut = Reference.FromBytes(PictureWriter.EncodePng(Grounds(Rgb.White))[..^20]);
        var control = new Control { Model = "nowhere", Picture = cut };

        Assert.Throws<UnreadablePictureException>(() => painter.Prepare(Request with { Controls = [control] }));
        Assert.Throws<UnreadablePictureException>(() => painter.Prepare(Request with { Image = cut }));
        Assert.Throws<UnreadablePictureException>(() => painter.Prepare(With(subject => subject with { References = [cut] })));
        Assert.Equal("mask", Assert.Throws<InvalidRequestException>(
            () => painter.Prepare(Request with { Image = Png(Grounds(Rgb.White)), Mask = Png(Grounds(Rgb.Black)) })).Field);
    }

    [Fact]
    public void A_job_is_what_the_model_and_the_request_say_together()
    {
        var job = painter.Prepare(Request with { Steps = 3, Schedule = "karras", Seed = ulong.MaxValue, Count = 2 });

        Assert.Equal((3, painter.Defaults.Guidance, painter.Defaults.GuidanceRescale), (job.Steps, job.Guidance, job.GuidanceRescale));
        Assert.Equal((true, painter.Defaults.Sampler), (job.Scheduler.KarrasSigmas, SamplerKinds.NameOf(job.Sampler)));
        Assert.Equal([ulong.MaxValue, 0], job.Pictures.Select(picture => picture.Seed));
        Assert.Equal(job.Request, painter.Prepare(job.Request).Request);
    }

    [Fact]
    public void Previews_come_as_often_as_asked_and_look_like_the_picture()
    {
        var previews = new List<(int Step, Picture Look)>();
        var watch = new PaintWatch { PreviewEvery = 2, Preview = (step, look) => previews.Add((step, look)) };

        var picture = painter.Paint(Request with { Steps = 4 }, watch, TestContext.Current.CancellationToken);

        Assert.Equal([2, 4], previews.Select(item => item.Step));
        var last = previews[^1].Look.Resize(picture.Size).Rgba;
        Assert.InRange(Difference(picture.Rgba, last), 0, 40);
    }

    [Fact]
    public void A_control_that_is_no_model_is_named()
    {
        var control = new Control { Model = "nowhere", Picture = Png(Grounds(Rgb.White)) };

        Assert.Contains("nowhere", Assert.Throws<ModelNotFoundException>(() => Paint(Request with { Controls = [control] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_takes_at_most_the_step_under_way()
    {
        using var stop = new CancellationTokenSource();
        var steps = 0;

        Assert.Throws<OperationCanceledException>(() => painter.Paint(
            Request with { Steps = 5 },
            new()
            {
                Step = (done, _) =>
                {
                    steps = done;
                    stop.Cancel();
                },
            },
            stop.Token));

        Assert.Equal(1, steps);
    }

    [Fact]
    public void A_subject_without_a_place_gets_one_and_the_caller_is_told()
    {
        var request = With(subject => subject with { Place = null });
        (int Subject, Box Place)? told = null;

        var picture = painter.Paint(request, new() { Placed = (subject, place) => told = (subject, place) }, TestContext.Current.CancellationToken);

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

        var imagined = With(subject => subject with { References = [] });    // with a picture, its detail is laid into boxes alone
        AssertRounded(Paint(imagined), Paint(imagined with { Layout = auto.Layout with { StartStep = 3 } }));
        Assert.NotEqual(boxes, Paint(auto));
        Assert.NotEqual(boxes, Paint(Request with { Layout = new() { Mode = LayoutMode.Whole } }));
        Assert.NotEqual(boxes, Paint(Request with { Layout = new() { Binding = 1 } }));
        Assert.NotEqual(boxes, Paint(Request with { Layout = new() { Grounding = false } }));
        painter.Paint(Request, new() { Placed = (_, _) => Assert.Fail("it has a place") }, TestContext.Current.CancellationToken);
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

    private List<(string Field, string Text)> Notices(GenerationRequest request)
    {
        var told = new List<(string Field, string Text)>();
        painter.Prepare(request, (field, text) => told.Add((field, text)));
        return told;
    }

    private static void AssertTold(List<(string Field, string Text)> told, string field, string? words)
    {
        Assert.Equal(words is null ? 0 : 1, told.Count);
        Assert.All(told, notice => Assert.Equal(field, notice.Field));
        Assert.All(told, notice => Assert.Contains(words!, notice.Text, StringComparison.Ordinal));
    }

    private byte[] Paint(GenerationRequest request) => painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private static Picture Grounds(Rgb colour) => Picture.Filled(64, 64, colour);

    private static Reference Png(Picture picture) => Reference.FromBytes(PictureWriter.EncodePng(picture));

    // Of the bytes of two pictures, on average.
    private static double Difference(byte[] first, byte[] second) => first.Zip(second, (a, b) => Math.Abs(a - b)).Average();

    // Attention that is listened to is computed step by step, else at once: sums are rounded differently.
    private static void AssertRounded(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -1, 1));
    }

    private static GenerationRequest With(Func<Subject, Subject> change) => Request with { Subjects = [change(Request.Subjects[0])] };

    public sealed class Toybox : IDisposable
    {
        public Painter Painter { get; } = new(BaseModel.Load(ToyboxFolder.Path));

        public void Dispose() => Painter.Dispose();
    }
}
