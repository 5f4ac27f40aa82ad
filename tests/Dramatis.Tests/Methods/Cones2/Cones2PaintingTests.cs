using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Cones2;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Cones2;

/// <summary>Learned subjects on the embedded model, at few steps. Their residuals are made up: what counts is where they act.</summary>
public sealed class Cones2PaintingTests : IClassFixture<PainterTests.Toybox>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly Painter painter;
    private readonly GenerationRequest request;

    public Cones2PaintingTests(PainterTests.Toybox toybox)
    {
        painter = toybox.Painter;
        request = new()
        {
            Prompt = "a dog and a cat on a beach",
            Subjects = [new() { Phrase = "dog", Learned = [Learned("dog")], Place = new(.05, .3, .5, .9) }],
            Size = new(64, 64),
            Steps = 2,
            Seed = 7,
        };
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_learned_subject_changes_the_picture_and_one_without_strength_does_not_change_a_bit()
    {
        var plain = Paint(request with { Subjects = [] });

        Assert.NotEqual(plain, Paint(request));
        Assert.Equal(plain, Paint(With(subject => subject with { Strength = 0 })));
        Assert.Equal(plain, Paint(With(subject => subject with { Start = .9, End = 1 })));
    }

    [Fact]
    public void The_place_and_the_residual_count_each()
    {
        var picture = Paint(request);

        Assert.NotEqual(picture, Paint(With(subject => subject with { Place = new(.5, .3, .95, .9) })));
        Assert.NotEqual(picture, Paint(With(subject => subject with { Learned = [Learned("other")] })));
    }

    [Fact]
    public void A_place_mask_counts_as_it_is_drawn_not_as_the_box_around_it()
    {
        var square = Paint(With(subject => subject with { Place = new(.25, .25, .75, .75) }));

        Assert.Equal(square, Paint(With(subject => subject with { Place = null, PlaceMask = Mask((x, y) => x is >= 16 and < 48 && y is >= 16 and < 48) })));
        Assert.NotEqual(square, Paint(With(subject => subject with
        {
            Place = null,
            PlaceMask = Mask((x, y) => x is >= 16 and < 48 && y is >= 16 and < 48 && x >= y)
        })));
    }

    [Fact]
    public void A_subject_without_a_residual_is_refused()
    {
        var pictured = request.Subjects[0] with { Learned = [], References = [Reference.FromFile(Repository.SubjectPicture("dog"))], Method = "cones2" };

        var error = Assert.Throws<InvalidRequestException>(() => Paint(request with { Subjects = [pictured] }));

        Assert.Contains("\"dog\" has no residual", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_the_same_words_can_be_two_subjects()
    {
        var twins = request with
        {
            Prompt = "a dog and a dog on a beach",
            Subjects = [request.Subjects[0], request.Subjects[0] with { Learned = [Learned("other")], Place = new(.5, .3, .95, .9) }],
        };
        var swapped = twins with { Subjects = [twins.Subjects[1], twins.Subjects[0]] };

        Assert.NotEqual(Paint(twins), Paint(swapped));
    }

    [Fact]
    public void Eight_subjects_are_painted_together_and_each_counts()
    {
        string[] words = ["dog", "cat", "fox", "rose", "car", "house", "tree", "ball"];
        var all = request with
        {
            Prompt = string.Join(" and ", words.Select(word => $"a {word}")),
            Subjects = [.. words.Select((word, i) => new Subject { Phrase = word, Learned = [Learned(word)], Place = new(i / 8.0, .2, (i + 1) / 8.0, .9) })],
        };
        var picture = Paint(all);

        Assert.All(
            Enumerable.Range(0, words.Length),
            i => Assert.NotEqual(picture, Paint(all with
            {
                Subjects = [.. all.Subjects.Select(
                (subject, k) => k == i ? subject with { Strength = 0 } : subject)]
            })));
    }

    [Fact]
    public void A_learned_subject_stands_beside_one_that_MS_Diffusion_keeps()
    {
        var cat = new Subject { Phrase = "cat", References = [Reference.FromFile(Repository.SubjectPicture("dog"))], Place = new(.5, .3, .95, .9) };
        var both = request with { Subjects = [request.Subjects[0], cat], Method = "ms-diffusion" };

        var picture = Paint(both);

        Assert.NotEqual(picture, Paint(both with { Subjects = [request.Subjects[0]] }));
        Assert.NotEqual(picture, Paint(both with { Subjects = [cat] }));
        Assert.NotEqual(picture, Paint(both with { Subjects = [request.Subjects[0], cat with { Strength = 0 }] }));
        Assert.Equal(picture, Paint(both));
    }

    [Fact]
    public void A_guidance_file_is_an_order_of_its_own_and_part_of_another()
    {
        var file = Guidance("""{"0,0,255": ["dog", 2.5]}""", position: 2);
        var picture = Paint(request with { Subjects = [], Layout = new() { File = file } });

        Assert.NotEqual(Paint(request with { Subjects = [] }), picture);
        Assert.Equal(picture, Paint(GuidanceConfig.ToRequest(file) with
        {
            Size = request.Size,
            Steps = request.Steps,
            Seed = request.Seed,
            Guidance = request.Guidance,
            Sampler = request.Sampler,
        }));
    }

    [Theory]
    [InlineData("""{"0,0,255": ["horse", 2.5]}""", 2, "\"horse\", which is not in the prompt")]
    [InlineData("""{"0,255,0": ["dog", 2.5]}""", 2, "no pixel of the colour 0,255,0")]
    [InlineData("""{"255,255,255": ["cat", 2.5]}""", 2, null)]
    [InlineData("""{"0,0,255": ["dog", 2.5]}""", 77, "cannot be added at token 77")]
    public void A_guidance_file_that_does_not_fit_is_refused_before_anything_is_painted(string colours, int position, string? words)
    {
        var layout = request with { Subjects = [], Layout = new() { File = Guidance(colours, position) } };

        if (words is null)
        {
            Paint(layout);
        }
        else
        {
            Assert.Contains(words, Assert.ThrowsAny<DramatisException>(() => Paint(layout)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Positions_of_another_prompt_are_refused()
    {
        var layout = request with { Subjects = [], Layout = new() { File = Guidance("""{"0,0,255": ["dog", 2.5]}""", 2) }, Prompt = "the dog of a cat" };

        Assert.Contains("its positions are those of", Assert.Throws<InvalidConfigException>(() => Paint(layout)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_beyond_what_the_model_reads_are_refused()
    {
        var far = request with { Prompt = string.Concat(Enumerable.Repeat("a ", 80)) + "dog" };

        Assert.Contains("\"dog\" is not among the 75 tokens", Assert.Throws<InvalidRequestException>(() => Paint(far)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_residual_of_more_tokens_than_the_words_or_of_another_width_is_refused()
    {
        Residual.Write(Path.Combine(folder, "long.pt"), ones(40, 192));
        Residual.Write(Path.Combine(folder, "wide.pt"), ones(1, 1024));

        Assert.Contains("has 40 rows", Refusal("long.pt"), StringComparison.Ordinal);
        Assert.Contains("1024 wide, but the text of this model is 192 wide", Refusal("wide.pt"), StringComparison.Ordinal);

        string Refusal(string name) => Assert.Throws<InvalidCheckpointException>(
            () => Paint(With(subject => subject with { Learned = [new(Path.Combine(folder, name), LearnedKind.Residual)] }))).Message;
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        Paint(request);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Paint(request);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private byte[] Paint(GenerationRequest order) => painter.Paint(order, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private GenerationRequest With(Func<Subject, Subject> change) => request with { Subjects = [change(request.Subjects[0])] };

    private string Learned(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)name.Sum(letter => letter), CPU);
        var path = Path.Combine(folder, $"{name}.pt");
        Residual.Write(path, 2 * randn([1, 192], generator: generator));
        return path;
    }

    private static Reference Mask(Func<int, int, bool> isInside)
    {
        const int Side = 64;
        var rgb = Enumerable.Range(0, Side * Side).SelectMany(i => Enumerable.Repeat(isInside(i % Side, i / Side) ? (byte)255 : (byte)0, 3));
        return Reference.FromBytes(PictureWriter.EncodePng(Picture.FromRgb([.. rgb], new(Side, Side))));
    }

    // A blue square on a white ground.
    private string Guidance(string colours, int position)
    {
        var picture = Picture.Filled(96, 96, new(255, 255, 255));
        for (var y = 32; y < 80; y++)
        {
            for (var x = 8; x < 48; x++)
            {
                picture.Row(y)[4 * x] = picture.Row(y)[(4 * x) + 1] = 0;
            }
        }

        PictureWriter.WritePng(Path.Combine(folder, "layout.png"), picture);
        var file = Path.Combine(folder, "guidance_config.json");
        File.WriteAllText(file, $$"""
            [{"prompt": "{{request.Prompt}}", "residual_dict": {"dog": "dog.pt"}, "subject_list": [["dog", {{position}}]],
              "color_context": {{colours}}, "layout": "layout.png"}]
            """);
        return file;
    }
}
