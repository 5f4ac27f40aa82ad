using Dramatis.Tokenizers;
using Dramatis.Training.FastComposer;
using static TorchSharp.torch;
using Picture = Dramatis.Pictures.Picture;

namespace Dramatis.Tests.Training.FastComposer;

public sealed class FastComposerSourceTests : IDisposable
{
    private static readonly ClipTokenizer Tokenizer = new(BpeVocabulary.Clip);

    private static readonly SampleOptions Options = new() { Seed = 5, Side = 16, ReferenceSide = 12, DropAll = 0, Keep = 1 };

    private static readonly int[] WholePicture = [0, 0, 20, 16];

    private readonly LabelledFolder folder = new();
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_sample_depends_on_its_number_alone()
    {
        var options = Options with { DropAll = .2, Keep = .7 };
        var first = Enumerable.Range(0, 12).Select(i => Source(options).Sample(i)).ToArray();
        var source = Source(options);
        var again = Enumerable.Range(0, 12).Reverse().Select(i => source.Sample(i)).Reverse().ToArray();

        Assert.All(first.Zip(again), pair => AssertSame(pair.First, pair.Second));
        Assert.Contains(first, sample => sample.Count == 0);
        Assert.Contains(first, sample => sample.Count == 1);
        Assert.Contains(first, sample => sample.Count == 2);
        Assert.False(first[0].Pixels.eq(first[1].Pixels).all().item<bool>()
            && first[0].ObjectPixels.eq(first[1].ObjectPixels).all().item<bool>());
    }

    [Fact]
    public void Words_references_and_masks_are_in_one_order_and_masks_follow_the_mirror()
    {
        folder.WriteText(LabelledFolder.Caption, LabelledFolder.Woman, LabelledFolder.Man);

        var sample = Enumerable.Range(0, 4).Select(i => Source(Options).Sample(i)).First(one => one.ObjectMasks[0, 0, 0].item<float>() == 1);

        Assert.Equal([2, 5], sample.Tokens.Places);
        Assert.Equal([4, 3, 12, 12], sample.ObjectPixels.shape);
        Assert.Equal([4, 16, 16], sample.ObjectMasks.shape);
        Assert.Equal(2, sample.Count);
        Assert.Equal(1, sample.ObjectMasks[1, 0, 15].item<float>());
        Assert.Equal(16 * 16, sample.ObjectMasks.sum().item<float>());
        Assert.Equal(0, sample.ObjectPixels[2..].abs().sum().item<float>());
    }

    [Fact]
    public void What_is_not_the_subject_is_noise()
    {
        folder.WriteText(LabelledFolder.Caption, new Dictionary<string, object?>(LabelledFolder.Man) { ["bbox"] = WholePicture });
        var picture = folder.Load().Read(0);

        var shown = picture.Show(picture.Segments[0], size => NoiseGround.Make(size, 3));

        Assert.Equal(picture.Picture.Crop(new(0, 0, 10, 16)).Rgba, shown.Crop(new(0, 0, 10, 16)).Rgba);
        var ground = shown.Crop(new(10, 0, 20, 16)).ToRgb();
        Assert.True(ground.Distinct().Count() > 100);
        Assert.Equal(NoiseGround.Make(shown.Size, 3).Crop(new(10, 0, 20, 16)).ToRgb(), ground);
    }

    [Fact]
    public void Noise_has_every_level_but_the_brightest()
    {
        var levels = NoiseGround.Make(new(100, 100), 1).ToRgb().CountBy(level => level).ToDictionary();

        Assert.Equal(255, levels.Count);
        Assert.False(levels.ContainsKey(255));
        Assert.All(levels.Values, count => Assert.InRange(count, 60, 190));    // 118 on average
    }

    [Theory]
    [InlineData(.05, "", 0)]
    [InlineData(.15, "a man and a woman", 0)]
    [InlineData(.25, "a man and a woman", 2)]
    public void Drops_take_the_caption_or_the_subjects(double drawn, string caption, int subjects)
    {
        var picture = folder.Load().Read(0);
        var options = Options with { DropAll = .1, DropSubjects = .1 };

        var sample = new SampleMaker(Tokenizer, options).Make(picture, SampleDraws.Of(options, 0, 2) with { Shown = drawn });

        Assert.Equal(Tokenizer.Encode(caption), sample.Tokens.Ids);
        Assert.Equal(subjects, sample.Count);
        Assert.Equal(subjects, sample.Tokens.Count);
    }

    [Fact]
    public void Of_too_many_subjects_only_some_are_marked()
    {
        const string Caption = "man man man man man man";
        var segments = Enumerable.Range(0, 6).Select(i => new PictureSegment(i + 1, (4 * i) + 3, new(0, 0, 4, 4))).ToArray();
        var picture = new LabelledPicture(new Picture(8, 8), new(new(8, 8), new int[64]), Caption, segments);
        var draws = SampleDraws.Of(Options, 0, 6) with { Order = [5, 0, 3, 2, 1, 4] };

        var sample = new SampleMaker(Tokenizer, Options).Make(picture, draws);

        Assert.Equal([1, 3, 4, 6], sample.Tokens.Places);
        Assert.Equal(4, sample.Count);
    }

    [Fact]
    public void Subjects_whose_words_are_cut_off_are_lost()
    {
        var caption = $"a man {string.Join(' ', Enumerable.Repeat("very", 80))} happy woman";
        var picture = new LabelledPicture(
            new Picture(8, 8), new(new(8, 8), new int[64]), caption, [new(1, 5, new(0, 0, 4, 4)), new(2, caption.Length, new(4, 0, 8, 8))]);

        var sample = new SampleMaker(Tokenizer, Options).Make(picture, SampleDraws.Of(Options, 0, 2));

        Assert.Equal(1, sample.Count);
    }

    [Fact]
    public void A_sample_leaves_no_other_tensors_behind() => Assert.Equal(0, LeakCheck.After(() => Source(Options).Sample(3)));

    private FastComposerSource Source(SampleOptions options) => new(folder.Load(), Tokenizer, options);

    private static void AssertSame(FastComposerSample left, FastComposerSample right)
    {
        Assert.Equal(left.Tokens.Ids, right.Tokens.Ids);
        Assert.Equal(left.Tokens.Words, right.Tokens.Words);
        Assert.Equal(left.Count, right.Count);
        Assert.True(left.Pixels.eq(right.Pixels).all().item<bool>());
        Assert.True(left.ObjectPixels.eq(right.ObjectPixels).all().item<bool>());
        Assert.True(left.ObjectMasks.eq(right.ObjectMasks).all().item<bool>());
    }
}
