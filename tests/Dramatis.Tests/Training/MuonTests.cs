using Dramatis.Training;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training;

public sealed class MuonTests
{
    // Where five rounds of Jordan's quintic leave singular values between a hundredth of the longest and the longest.
    private const float Least = .65f;
    private const float Most = 1.25f;

    [Theory]
    [InlineData(5, 12)]
    [InlineData(12, 5)]
    [InlineData(8, 8)]
    [InlineData(6, 54)]
    [InlineData(54, 6)]
    public void What_points_everywhere_alike_is_near(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (u, _, vh) = linalg.svd(randn(rows, columns), fullMatrices: false);
        var lengths = linspace(1, .03, Math.Min(rows, columns));

        var found = Muon.Orthogonal(u.mm(diag(lengths)).mm(vh));

        // U^T found V is diagonal: the same directions, each about as long as the others.
        var inner = u.t().mm(found).mm(vh.t());
        Assert.True((inner - diag(inner.diagonal())).abs().max().item<float>() < 1e-3f);
        Assert.InRange(inner.diagonal().min().item<float>(), Least, Most);
        Assert.InRange(inner.diagonal().max().item<float>(), Least, Most);
    }

    [Fact]
    public void The_size_of_a_gradient_is_nothing_to_it()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var gradient = randn(6, 4, 3, 3);

        var small = Muon.Direction(gradient * 1e-3, zeros_like(gradient));
        var large = Muon.Direction(gradient * 1e3, zeros_like(gradient));

        Assert.True((small - large).abs().max().item<float>() < 1e-3f);
    }

    // Liu et al. (2025), section 2.2: every matrix moves .2 a weight in root mean square, whatever its shape.
    [Theory]
    [InlineData(16, 64)]
    [InlineData(64, 16)]
    [InlineData(40, 40)]
    public void Steps_are_as_long_as_those_of_AdamW(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var gradient = randn(rows, columns);

        var step = Muon.Direction(gradient, zeros_like(gradient)).square().mean().sqrt().item<float>();

        Assert.InRange(step, .2f * Least, .2f * Most);
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(4, 6)]
    [InlineData(4, 40)]
    public void Many_of_one_shape_move_as_each_by_itself(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var (gradients, means) = (randn(3, rows, columns, 1), randn(3, rows, columns, 1));
        Tensor[] each = [.. gradients.unbind(0).Zip(means.clone().unbind(0), (gradient, mean) => Muon.Direction(gradient, mean))];

        var all = Muon.Direction(gradients, means, many: true);

        Assert.True((all - stack(each)).abs().max().item<float>() < 1e-4f);
    }

    [Fact]
    public void It_moves_the_weights_that_it_is_told_to_and_their_average()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var layer = nn.Linear(6, 4);
        var before = layer.weight!.detach().clone();
        var gradient = randn(4, 6);
        using var team = new WorkerTeam(1);
        using var optimizer = new AdamW(layer, new() { WeightDecay = .5, Orthogonal = name => name == "weight" });
        layer.weight.grad!.copy_(gradient);

        var norm = optimizer.Step(team, 1, new(.1, ClipNorm: 1, Follow: .25));

        var moved = (before * .95f) - (.1f * Muon.Direction(gradient / norm, zeros_like(gradient)));
        Assert.Equal(gradient.norm().item<float>(), norm, 1e-5);
        Assert.True((layer.weight - moved).abs().max().item<float>() < 1e-5f);
        Assert.True((optimizer.State()["average.weight"] - before.lerp(moved, .25)).abs().max().item<float>() < 1e-5f);
        Assert.Equal(0, layer.weight.grad!.abs().max().item<float>());
    }

    [Fact]
    public void A_checkpoint_holds_no_squares_of_what_it_moves()
    {
        using var layer = nn.Linear(3, 2);
        using var optimizer = new AdamW(layer, new() { Orthogonal = _ => true });

        Assert.Equal(["average.bias", "average.weight", "mean.bias", "mean.weight", "square.bias", "weight.bias", "weight.weight"], optimizer.State().Keys.Order());
    }
}
