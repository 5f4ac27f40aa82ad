using Dramatis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training;

public sealed class AdamWTests
{
    // The same formula, its operations in another order.
    private const float Rounding = 1e-6f;

    [Fact]
    public void It_moves_weights_as_the_library_s_optimiser_does()
    {
        using var scope = NewDisposeScope();
        using var ours = nn.Linear(37, 5);
        using var theirs = nn.Linear(37, 5);
        theirs.load_state_dict(ours.state_dict());
        using var team = new WorkerTeam(2);
        using var optimizer = new AdamW(ours, new() { WeightDecay = .1, Beta2 = .99 });
        using var reference = optim.AdamW(theirs.parameters(), lr: .01, beta2: .99, weight_decay: .1);

        for (var step = 0; step < 5; step++)
        {
            var x = randn(8, 37);
            ours.forward(x).square().mean().backward();
            theirs.forward(x).square().mean().backward();
            optimizer.Step(team, 2, new(.01, double.PositiveInfinity, 1));
            reference.step();
            reference.zero_grad();
        }

        Assert.All(
            ours.parameters().Zip(theirs.parameters()),
            pair => Assert.True((pair.First - pair.Second).abs().max().item<float>() < Rounding));
    }

    [Fact]
    public void All_weights_at_once_move_as_each_by_itself()
    {
        using var scope = NewDisposeScope();
        using var each = nn.Sequential(nn.Conv2d(3, 5, 3), nn.Linear(6, 7));
        using var all = nn.Sequential(nn.Conv2d(3, 5, 3), nn.Linear(6, 7));
        all.load_state_dict(each.state_dict());
        using var team = new WorkerTeam(1);
        AdamWOptions options = new() { WeightDecay = .1, RateOf = name => name.StartsWith('1') ? .5 : 1, Orthogonal = name => name == "0.weight" };
        using var one = new AdamW(each, options, joins: false);
        using var other = new AdamW(all, options, joins: true);

        for (var step = 0; step < 5; step++)
        {
            var x = randn(2, 3, 8, 8);
            each.forward(x).square().mean().backward();
            all.forward(x).square().mean().backward();
            Assert.Equal(one.Step(team, 1, new(.01, .5, .1)), other.Step(team, 1, new(.01, .5, .1)), Rounding);
        }

        var state = other.State();
        Assert.All(one.State(), item => Assert.True((item.Value - state[item.Key]).abs().max().item<float>() < Rounding, item.Key));
    }

    [Fact]
    public void Long_gradients_are_shortened_and_their_length_is_told()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(1, 1, hasBias: false);
        using var team = new WorkerTeam(1);
        using var optimizer = new AdamW(layer, new() { WeightDecay = 0, Beta1 = 0, Beta2 = 0, Epsilon = 1 });
        layer.weight!.grad!.fill_(30);
        var before = layer.weight.item<float>();

        var norm = optimizer.Step(team, 1, new(1, ClipNorm: .25, Follow: 1));

        Assert.Equal(30, norm, 1e-4);
        Assert.Equal(before - (.25f / 1.25f), layer.weight.item<float>(), 1e-5f);    // g / (|g| + 1)
        Assert.Equal(0, layer.weight.grad!.item<float>());
    }

    [Fact]
    public void Nothing_of_it_is_left_when_it_goes()
    {
        using var layer = nn.Linear(3, 2);
        using var team = new WorkerTeam(1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var optimizer = new AdamW(layer, new()))
        {
            optimizer.Step(team, 1, new(.1, 1, .5));
            optimizer.Gather(isLast: false);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Plain_descent_goes_the_rate_times_the_gradient()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(40, 1, hasBias: false);
        using var team = new WorkerTeam(1);
        using var optimizer = new AdamW(layer, AdamWOptions.Descent);
        nn.init.zeros_(layer.weight!);
        var gradient = linspace(-1e-3, 30, 40).view(1, 40);

        for (var step = 0; step < 3; step++)
        {
            layer.weight!.grad!.copy_(gradient);
            optimizer.Step(team, 1, new(.5, ClipNorm: double.PositiveInfinity, Follow: 1));
        }

        Assert.True((layer.weight! + (1.5 * gradient)).abs().max().item<float>() < 45 * Rounding);
    }

    [Fact]
    public void The_average_follows_the_weights_and_changes_places_with_them()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(1, 1, hasBias: false);
        using var team = new WorkerTeam(1);
        using var optimizer = new AdamW(layer, new() { WeightDecay = 0 });
        var first = layer.weight!.item<float>();
        layer.weight.grad!.fill_(1);

        optimizer.Step(team, 1, new(.5, ClipNorm: 1, Follow: .1));
        var moved = layer.weight.item<float>();
        optimizer.ExchangeAverage();

        Assert.Equal(first + (.1f * (moved - first)), layer.weight.item<float>(), Rounding);
        optimizer.ExchangeAverage();
        Assert.Equal(moved, layer.weight.item<float>());
    }
}
