using Dramatis.Methods.FastComposer;
using Dramatis.Training.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.FastComposer;

/// <summary>Numbers of the specification (T4, T9) and truths about changed pictures; the golden data has the rest.</summary>
public sealed class TransformTests
{
    [Fact]
    public void A_reference_is_made_square_and_averaged()
    {
        using var scope = NewDisposeScope();
        var colours = tensor(Enumerable.Range(0, 3 * 7 * 5).Select(k => (float)(37 * k % 256)).ToArray()).view(3, 7, 5);

        var small = ObjectPixels.Resize(ObjectPixels.PadToSquare(colours), 4, 4);

        AssertNear([42, 94, 81, 52, 53, 134, 139, 39, 73, 95, 100, 58, 60, 153, 140, 69], small[0]);
        AssertNear([69, 150, 113, 26], small[2][3]);
    }

    [Fact]
    public void Labels_of_a_tall_picture_are_mixed_only_where_the_reference_is_followed()
    {
        using var scope = NewDisposeScope();
        var labels = zeros(10, 6, dtype: ScalarType.Int32);
        labels.narrow(0, 3, 4).narrow(1, 2, 2).fill_(9);

        var mixed = TargetTransform.Apply(zeros(3, 10, 6), labels, 6, mirror: false, blend: true).Labels;
        var whole = TargetTransform.Apply(zeros(3, 10, 6), labels, 6, mirror: false, blend: false).Labels;

        AssertNear([0, 1, 6, 6, 1, 0], mixed.select(1, 2));
        AssertNear([0, 1, 6, 6, 1, 0], mixed.select(1, 3));
        Assert.DoesNotContain(9, mixed.data<float>());
        Assert.Equal([0f, 9f], whole.data<float>().Distinct().Order());
    }

    [Fact]
    public void Picture_and_labels_are_mirrored_together()
    {
        using var scope = NewDisposeScope();
        var labels = arange(30 * 20, dtype: ScalarType.Int32).view(20, 30);
        var colours = labels.to(float32).expand(3, 20, 30).remainder(256).contiguous();

        var (pixels, map) = TargetTransform.Apply(colours, labels, 20, mirror: true, blend: false);

        Assert.True(pixels.eq((map.remainder(256).expand(3, 20, 20) / 127.5) - 1).all().item<bool>());
        Assert.Equal(24, map[0][0].item<float>());
    }

    [Fact]
    public void Nothing_drawn_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var colours = randint(0, 256, [3, 9, 9]).to(float32);

        Assert.True(ObjectAugment.Apply(colours, 9, null).eq(colours / 255).all().item<bool>());
        Assert.True(ObjectAugment.Apply(colours, 9, new() { Jitter = new([0, 1, 2], 1, 1, 1, 0) }).eq(colours / 255).all().item<bool>());
        Assert.True(PictureWarp.Rotate(colours, 0).eq(colours).all().item<bool>());
    }

    [Fact]
    public void Positive_angles_turn_clockwise()
    {
        using var scope = NewDisposeScope();
        var colours = zeros(3, 9, 9);
        colours[TensorIndex.Colon, 0, 4] = 200;    // at twelve

        var turned = PictureWarp.Rotate(colours, 90);

        Assert.Equal(200, turned[0, 4, 8].item<float>(), tolerance: 1);    // at three
    }

    [Theory]
    [InlineData(5)]
    [InlineData(24)]
    [InlineData(64)]
    public void All_that_may_be_drawn_gives_colours_of_whole_levels(int side)
    {
        using var scope = NewDisposeScope();
        var colours = randint(0, 256, [3, 33, 21]).to(float32);
        for (var i = 0; i < 20; i++)
        {
            var changed = ObjectAugment.Apply(colours, side, AugmentDraws.From(new(7, i), side));

            Assert.Equal([3, side, side], changed.shape);
            Assert.True((changed * 255).round().sub(changed * 255).abs().max().item<float>() < 1e-4);
            Assert.InRange(changed.min().item<float>(), 0, 1);
            Assert.InRange(changed.max().item<float>(), 0, 1);
        }
    }

    [Fact]
    public void Changes_leave_no_tensors_behind() => Assert.Equal(0, LeakCheck.After(() =>
    {
        var draws = AugmentDraws.From(new(7, 1), 16) with
        {
            Zoom = 1.5,
            Angle = 20,
            Jitter = new([0, 1, 2, 3], 1.2, .8, 1.1, .2),
            Blur = 1,
            Grey = true,
            Mirror = true,
            Elastic = [.. Enumerable.Repeat(.7f, 2 * 16 * 16)],
        };
        ObjectAugment.Apply(zeros(3, 20, 30), 16, draws);
        TargetTransform.Apply(zeros(3, 20, 30), zeros(20, 30), 16, mirror: true, blend: true);
    }));

    private static void AssertNear(float[] expected, Tensor ours) =>
        Assert.All(expected.Zip(ours.contiguous().data<float>().ToArray()), pair => Assert.InRange(pair.Second, pair.First - 1, pair.First + 1));
}
