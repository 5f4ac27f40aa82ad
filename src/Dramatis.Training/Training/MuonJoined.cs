using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>What <see cref="AdamW"/> remembers of matrices of one shape, in one piece: <see cref="Muon"/> moves all of them in one call.</summary>
internal sealed class MuonJoined : IDisposable
{
    private readonly Parameter[] weights;
    private readonly double rate;
    private readonly Tensor gradient;
    private readonly Tensor mean;
    private readonly Tensor average;

    /// <param name="weights">All of one shape and on one device.</param>
    /// <param name="rate">Their factor on the learning rate.</param>
    public MuonJoined(IReadOnlyList<Parameter> weights, double rate)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        this.weights = [.. weights];
        this.rate = rate;
        average = stack(this.weights).DetachFromDisposeScope();
        gradient = zeros_like(average).DetachFromDisposeScope();
        mean = zeros_like(average).DetachFromDisposeScope();
    }

    /// <summary>All gradients, for their norm.</summary>
    public Tensor Gradient => gradient;

    /// <summary>The parts that belong to one weight. What is written to them is written to the whole.</summary>
    public (Tensor Gradient, Tensor Mean, Tensor? Square, Tensor Average) PartsOf(int index) => (gradient[index], mean[index], null, average[index]);

    /// <summary>Moves all weights along their gradients, which it empties.</summary>
    /// <param name="clip">What gradients are multiplied by before.</param>
    /// <param name="decay">Weight decay.</param>
    public void Apply(AdamWStep step, double clip, double decay)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var way = step.Rate * rate;
        var values = stack(weights).mul_(1 - (way * decay)).add_(Muon.Direction(gradient.mul_(clip), mean, many: true), alpha: -way);
        average.lerp_(values, step.Follow);
        gradient.zero_();
        foreach (var (weight, value) in weights.Zip(values.unbind(0)))
        {
            weight.copy_(value);
        }
    }

    public void Dispose()
    {
        gradient.Dispose();
        mean.Dispose();
        average.Dispose();
    }
}
