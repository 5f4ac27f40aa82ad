using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.EasyRef;

/// <summary>The embedded model with EasyRef of random weights in its folder.</summary>
public sealed class EasyRefMethodTests : IClassFixture<EasyRefMethodTests.ToyboxWithGroups>
{
    private static readonly GenerationRequest Request = new()
    {
        Prompt = "a dog on a beach",
        Method = "easyref",
        Subjects = [Dog],
        Size = new(64, 64),
        Steps = 2,
        Seed = 7,
    };

    private readonly ToyboxWithGroups toybox;

    public EasyRefMethodTests(ToyboxWithGroups toybox) => this.toybox = toybox;

    private static Subject Dog => new() { Phrase = "dog", References = [Picture("dog"), Picture("tiger")] };

    [Fact]
    public void A_group_changes_the_picture_and_one_without_strength_does_not()
    {
        var plain = Paint(Request with { Subjects = [] });

        Assert.NotEqual(plain, Paint(Request));
        Assert.Equal(plain, Paint(With(subject => subject with { Strength = 0 })));
    }

    [Fact]
    public void The_same_order_paints_the_same_picture_whatever_was_painted_before()
    {
        using var fresh = new Painter(BaseModel.Load(toybox.Folder));
        var expected = fresh.Paint(Request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

        Paint(With(subject => subject with { References = [Picture("tiger"), Picture("panda")] }));
        Paint(Request with { Prompt = "a dog in the snow" });

        Assert.Equal(expected, Paint(Request));
    }

    [Fact]
    public void The_order_of_a_group_its_instruction_and_the_prompt_matter()
    {
        var painted = Paint(Request);

        Assert.NotEqual(painted, Paint(With(subject => subject with { References = [.. Dog.References.Reverse()] })));
        Assert.NotEqual(painted, Paint(Request with { Instruction = "Look:\n" }));
        Assert.NotEqual(painted, Paint(With(subject => subject with { References = [Picture("dog"), Picture("dog")] })));
    }

    [Fact]
    public void A_group_of_the_request_acts_as_one_of_a_subject()
    {
        var group = Request with { Subjects = [], References = Dog.References };

        Assert.Equal(Paint(Request), Paint(group));
        Assert.Equal(Paint(Request), Paint(group with { Method = "ms-diffusion" }));
    }

    [Fact]
    public void A_place_keeps_a_group_from_acting_elsewhere()
    {
        var plain = Paint(Request with { Subjects = [] });

        Assert.Equal(plain, Paint(With(subject => subject with { Place = new(.001, .001, .002, .002) })));    // no pixel's centre
        Assert.NotEqual(Paint(Request), Paint(With(subject => subject with { Place = new(0, 0, .5, 1) })));
    }

    [Fact]
    public void A_group_acts_in_its_part_of_the_steps_only()
    {
        var plain = Paint(Request with { Subjects = [] });

        Assert.Equal(plain, Paint(With(subject => subject with { Start = 1 })));
        Assert.NotEqual(Paint(Request), Paint(With(subject => subject with { End = .5 })));
    }

    [Fact]
    public void It_paints_oblong_pictures_without_guidance_from_eight_pictures_of_any_size()
    {
        var sizes = new[] { (40, 40), (64, 30), (30, 90), (200, 50), (33, 47), (9, 20), (100, 100), (150, 60) };
        var request = With(subject => subject with { References = [.. sizes.Select(size => Coloured(size.Item1, size.Item2))] });

        Assert.Equal(4 * 96 * 64, Paint(request with { Size = new(96, 64), Guidance = 1 }).Length);
    }

    [Fact]
    public void It_shares_a_picture_with_subjects_of_another_method()
    {
        var mixed = Request with
        {
            Prompt = "a dog on a beach",
            Subjects = [new() { Phrase = "dog", References = [Picture("dog")], Place = new(.1, .2, .8, .9), Method = "ms-diffusion" }],
            References = [Picture("tiger"), Picture("panda")],
        };

        Assert.NotEqual(Paint(mixed), Paint(mixed with { References = [] }));
        Assert.NotEqual(Paint(mixed), Paint(mixed with { Subjects = [] }));
    }

    [Fact]
    public void A_cut_out_is_what_can_be_seen_of_it()
    {
        var hidden = new Picture(40, 40);
        for (var i = 0; i < hidden.Rgba.Length; i += 4)
        {
            (hidden.Rgba[i], hidden.Rgba[i + 3]) = ((byte)(i % 251), i < 3200 ? byte.MaxValue : byte.MinValue);
        }

        Assert.Equal(Paint(Of(hidden)), Paint(Of(hidden.Over(Rgb.White))));

        static GenerationRequest Of(Picture picture) =>
            With(subject => subject with { References = [Reference.FromBytes(PictureWriter.EncodePng(picture))] });
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        Paint(Request);
        Paint(With(subject => subject with { References = [Picture("panda")] }));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Paint(Request);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(29, "29 pictures", "28")]
    [InlineData(1, "instruction", "shorten")]
    public void More_than_the_model_reads_is_refused(int pictures, string named, string cure)
    {
        var request = With(subject => subject with { References = [.. Enumerable.Repeat(Picture("dog"), pictures)] });

        var error = Assert.Throws<InvalidRequestException>(() => Paint(pictures == 1 ? request with { Instruction = new string('a', 2000) } : request));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(cure, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strip_is_refused_by_name()
    {
        var path = Path.Combine(toybox.Folder, "strip.png");
        File.WriteAllBytes(path, PictureWriter.EncodePng(new Picture(5000, 27).Over(Rgb.White)));

        var error = Assert.Throws<UnreadablePictureException>(() => Paint(With(subject => subject with { References = [Reference.FromFile(path)] })));

        Assert.Contains("strip.png", error.Message, StringComparison.Ordinal);
        Assert.Contains("crop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_folder_lacks_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
        try
        {
            ToyboxFolder.LinkTo(folder);    // without adapters
            using var painter = new Painter(BaseModel.Load(folder));
            var group = Request with { Method = null, Subjects = [], References = Dog.References };

            var none = Assert.Throws<InvalidRequestException>(() => painter.Prepare(group));

            Assert.Contains("easyref", none.Message, StringComparison.Ordinal);
            Assert.StartsWith("references", none.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_missing_language_model_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
        try
        {
            ToyboxFolder.LinkTo(folder);
            var own = Path.Combine(folder, "adapters", "easyref");
            using var painter = new Painter(BaseModel.Load(folder));
            using (var model = BaseModel.Load(ToyboxFolder.Path))
            using (NewDisposeScope())
            {
                TinyEasyRef.Write(own, TinyEasyRef.Checkpoint(model.UNet));
            }

            Directory.Delete(Path.Combine(own, "multimodal_llm"), recursive: true);

            var error = Assert.Throws<ModelNotFoundException>(() => painter.Paint(Request, cancellationToken: TestContext.Current.CancellationToken));

            Assert.Contains("multimodal_llm", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void An_instruction_that_nothing_reads_is_told()
    {
        using var painter = new Painter(BaseModel.Load(ToyboxFolder.Path));
        var told = new List<string>();

        painter.Prepare(Request with { Method = null, Subjects = [], Instruction = "Look:\n" }, (field, text) => told.Add($"{field} {text}"));

        Assert.Contains(told, text => text.StartsWith("instruction is not read", StringComparison.Ordinal) && text.Contains("easyref", StringComparison.Ordinal));
    }

    private static Reference Coloured(int width, int height)
    {
        var picture = new Picture(width, height);
        for (var i = 0; i < picture.Rgba.Length; i++)
        {
            picture.Rgba[i] = i % 4 == 3 ? byte.MaxValue : (byte)(i * 7 % 256);
        }

        return Reference.FromBytes(PictureWriter.EncodePng(picture));
    }

    private static GenerationRequest With(Func<Subject, Subject> change) => Request with { Subjects = [change(Request.Subjects[0])] };

    private static Reference Picture(string name) => Reference.FromFile(Repository.SubjectPicture(name));

    private byte[] Paint(GenerationRequest request) => toybox.Painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    public sealed class ToyboxWithGroups : IDisposable
    {
        public ToyboxWithGroups()
        {
            ToyboxFolder.LinkTo(Folder);
            using var model = BaseModel.Load(ToyboxFolder.Path);
            using var scope = NewDisposeScope();
            var own = Path.Combine(Folder, "adapters", "easyref");
            TinyEasyRef.Write(own, TinyEasyRef.Checkpoint(model.UNet));
            Directory.CreateSymbolicLink(Path.Combine(Folder, "adapters", "ms-diffusion"), Path.Combine(ToyboxFolder.Path, "adapters", "ms-diffusion"));
            Painter = new(BaseModel.Load(Folder));
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("dramatis-").FullName;

        public Painter Painter { get; }

        public void Dispose()
        {
            Painter.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
