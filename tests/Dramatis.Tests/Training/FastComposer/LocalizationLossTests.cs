using Dramatis.Training.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.FastComposer;

/// <summary>Numbers that the official functions gave in double precision.</summary>
public sealed class LocalizationLossTests
{
    [Theory]
    [InlineData(4, 0, false, 5.6895869e-4)]
    [InlineData(8, 1, false, 6.7597591e-4)]
    [InlineData(4, 0, true, 2.20634253e-3)]
    [InlineData(8, 1, true, 2.63324449e-3)]
    public void Attention_outside_of_masks_costs_and_inside_pays(int side, int shift, bool normalises, double expected)
    {
        using var scope = NewDisposeScope();
        var masks = zeros(2, 3, 16, 16);
        masks[0, 0].narrow(0, 2, 8).narrow(1, 1, 6).fill_(1);
        masks[0, 1].narrow(0, 4, 11).narrow(1, 8, 8).fill_(1);
        var cells = side * side;
        var attention = ((arange(4 * cells * 5).to(float64) * .19 + shift).sin() * 2).view(2, 2, cells, 5).softmax(-1).to(float32);
        var tokens = tensor(new long[] { 1, 3, 0, 0, 0, 0 }).view(2, 3);
        var valid = tensor(new float[] { 1, 1, 0, 0, 0, 0 }).view(2, 3);

        var loss = LocalizationLoss.Of(attention, SoftMasks.At(masks, side, side), tokens, valid, normalises);

        Assert.Equal(expected, loss.item<float>(), 1e-7);
    }

    [Fact]
    public void Masks_are_soft_at_their_edges()
    {
        using var scope = NewDisposeScope();
        var mask = zeros(1, 1, 16, 16);
        mask[0, 0].narrow(0, 2, 8).narrow(1, 1, 6).fill_(1);

        var soft = SoftMasks.At(mask, 4, 4)[0, 0];

        float[][] expected = [[.46938776f, .41071429f, .01785714f, 0], [.82142857f, .71875f, .03125f, 0]];
        Assert.All(expected, (row, i) => Assert.All(row, (value, k) => Assert.Equal(value, soft[i, k].item<float>(), 1e-6f)));
        Assert.Equal([0.0, 1.0], new[] { soft.min().item<float>(), Math.Round(SoftMasks.At(ones(1, 1, 24, 24), 5, 5).mean().item<float>(), 6) });
    }
}
