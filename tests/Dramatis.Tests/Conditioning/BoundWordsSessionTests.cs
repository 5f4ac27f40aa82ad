using Dramatis.Conditioning;
using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Tests.Conditioning;

public sealed class BoundWordsSessionTests
{
    private static readonly AttentionSite Site = new() { Index = 0, Path = "a", Width = 4, Heads = 1 };

    [Fact]
    public void A_constant_strength_is_added_inside_and_taken_away_outside_whatever_the_noise()
    {
        using var scope = NewDisposeScope();
        using var session = new BoundWordsSession(
            tensor([0f, 1, 0, 0, 0, 1]).view(2, 1, 3), tensor([0f, 0, .5f, 1, .5f, 0, 1, 1]).view(2, 1, 4), [new()], new(Constant: 4));
        var logits = randn(2, 1, 4, 3);

        foreach (var sigma in new[] { 0, 1, 80.0 })
        {
            var added = session.LogitEditAt(new(Site, new(0, 1, sigma, 0), new(2, 2)))!(logits) - logits;

            // In the first row the second word is held on the left, in the second the third on the right.
            var first = tensor([0f, 4, 0, 0, -4, 0, 0, 4, 0, 0, -4, 0]).view(4, 3);
            var second = tensor([0f, 0, -4, 0, 0, 4, 0, 0, -4, 0, 0, 4]).view(4, 3);
            Assert.True(added.allclose(stack([first, second]).unsqueeze(1), atol: 1e-5));
        }
    }

    [Fact]
    public void A_rising_strength_is_nothing_without_noise_and_a_constant_comes_on_top()
    {
        using var scope = NewDisposeScope();
        var words = tensor([1f, 0]).view(1, 1, 2);
        var boxes = tensor([0f, 0, .5f, 1]).view(1, 4);
        using var rising = new BoundWordsSession(words, boxes, [new()], new(Rising: 2));
        using var both = new BoundWordsSession(words, boxes, [new()], new(Rising: 2, Constant: 3));
        var logits = randn(1, 2, 4, 2);

        Assert.True(At(rising, 0).equal(logits).all().item<bool>());
        Assert.True((At(both, 5) - At(rising, 5)).allclose(tensor([3f, 0, -3, 0, 3, 0, -3, 0]).view(1, 1, 4, 2).expand(1, 2, 4, 2), atol: 1e-5));

        Tensor At(BoundWordsSession session, double sigma) => session.LogitEditAt(new(Site, new StepInfo(0, 1, sigma, 0), new Grid(2, 2)))!(logits);
    }
}
