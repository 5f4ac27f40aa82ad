using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Conditioning;

public sealed class ImageTokenSessionTests
{
    // Rounding of single precision in one attention of width 8.
    private const float Rounding = 1e-5f;

    private static readonly AttentionSite Site = new() { Index = 0, Path = "attn2", Width = 8, Heads = 2 };

    private static readonly PixelSize Size = new(32, 32);
    private static readonly Grid Grid = new(4, 4);

    [Fact]
    public void It_adds_the_attention_to_the_tokens_times_strength_and_region()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var projections = new ImageProjections(Site, 6);
        var (tokens, query) = (randn(2, 4, 6), randn(2, 2, 16, 4));
        var set = Set(projections, tokens) with { Influence = new(.7), StrengthAt = _ => .5, Region = RegionMask.Of(new Box(0, 0, .5, 1), Size) };
        using var session = new ImageTokenSession(set);
        var (key, value) = projections.forward(tokens, tokens);
        var weights = (query.matmul(key.transpose(-2, -1)) / 2).softmax(-1);
        var inside = (arange(16) % 4 < 2).to(float32).view(1, 1, 16, 1);

        var difference = session.BranchAt(Call())!(query) - (.35 * weights.matmul(value) * inside);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void Tokens_have_weights_of_their_own_and_a_bias_hides_them_from_cells()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var projections = new ImageProjections(Site, 6);
        var (tokens, query) = (randn(1, 3, 6), randn(1, 2, 16, 4));
        var bias = zeros(1, 1, 16, 3);
        bias[.., .., ..8, 2] = float.NegativeInfinity;
        var set = Set(projections, tokens) with { Weights = tensor([1f, .5f, 0f]).unsqueeze(-1), BiasAt = _ => bias };
        using var session = new ImageTokenSession(set);
        var (key, value) = projections.forward(tokens, tokens);
        var weights = ((query.matmul(key.transpose(-2, -1)) / 2) + bias).softmax(-1) * tensor([1f, .5f, 0f]);

        var difference = session.BranchAt(Call())!(query) - weights.matmul(value);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void What_two_sets_add_is_summed()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var first = new ImageProjections(Site, 6);
        using var second = new ImageProjections(Site, 6);
        var (a, b, query) = (Set(first, randn(1, 4, 6)), Set(second, randn(1, 3, 6)) with { Influence = new(.4) }, randn(1, 2, 16, 4));
        using var both = new ImageTokenSession(a, b);
        using var one = new ImageTokenSession(a);
        using var other = new ImageTokenSession(b);

        var difference = both.BranchAt(Call())!(query) - one.BranchAt(Call())!(query) - other.BranchAt(Call())!(query);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void Without_strength_or_outside_its_steps_or_sites_it_adds_no_branch()
    {
        using var scope = NewDisposeScope();
        using var projections = new ImageProjections(Site, 6);
        var set = Set(projections, randn(1, 4, 6));
        using var weak = new ImageTokenSession(set with { Influence = new(0) });
        using var elsewhere = new ImageTokenSession(set with { StrengthAt = _ => 0 });
        using var late = new ImageTokenSession(set with { Influence = new(Start: .5) });

        Assert.Null(weak.BranchAt(Call()));
        Assert.Null(elsewhere.BranchAt(Call()));
        Assert.Null(late.BranchAt(Call(step: 1)));
        Assert.NotNull(late.BranchAt(Call(step: 2)));
        Assert.Null(late.BranchAt(Call(step: 2) with { Site = Site with { Index = 1 } }));
    }

    [Fact]
    public void Gradients_reach_tokens_and_projections_and_no_tensor_is_left_behind()
    {
        using var projections = new ImageProjections(Site, 6);
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            var tokens = randn(1, 4, 6).requires_grad_();
            using var session = new ImageTokenSession(Set(projections, tokens) with { Region = RegionMask.Of(new Box(0, 0, .5, 1), Size) });
            session.BranchAt(Call())!(randn(1, 2, 16, 4)).square().sum().backward();

            Assert.True(tokens.grad!.abs().max().item<float>() > 0);
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.All(projections.parameters(), weight => Assert.True(weight.grad!.abs().max().item<float>() > 0));
    }

    private static ImageTokens Set(ImageProjections projections, Tensor tokens) =>
        new() { Tokens = tokens, Projections = new Dictionary<AttentionSite, ImageProjections> { [Site] = projections } };

    private static AttentionCall Call(int step = 0) => new(Site, new(step, 4, 1, .5), Grid);
}
