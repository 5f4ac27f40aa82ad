using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>What <see cref="AdamW"/> remembers of all weights, each kind in one piece: for devices where a call costs more than its pass over memory.</summary>
/// <remarks>The same arithmetic as <see cref="AdamWKernel"/>. A dozen calls move all weights at once; one more for each weight takes it over.</remarks>
internal sealed class AdamWJoined : IDisposable
{
    private readonly Parameter[] weights;
    private readonly long[] starts;
    private readonly Tensor gradient;
    private readonly Tensor mean;
    private readonly Tensor square;
    private readonly Tensor average;
    private readonly Tensor rates;

    /// <param name="learned">Each weight with its factor on the learning rate. All are on one device.</param>
    public AdamWJoined(IReadOnlyList<(Parameter Weight, double Rate)> learned)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        weights = [.. learned.Select(item => item.Weight)];
        starts = new long[weights.Length];
        for (var i = 1; i < weights.Length; i++)
        {
            starts[i] = starts[i - 1] + weights[i - 1].numel();
        }

        average = Values().DetachFromDisposeScope();
        gradient = zeros_like(average).DetachFromDisposeScope();
        mean = zeros_like(average).DetachFromDisposeScope();
        square = zeros_like(average).DetachFromDisposeScope();
        rates = cat([.. learned.Select(item => full(item.Weight.numel(), (float)item.Rate, device: average.device))]).DetachFromDisposeScope();
    }

    /// <summary>The parts that belong to one weight. What is written to them is written to the whole.</summary>
    public (Tensor Gradient, Tensor Mean, Tensor? Square, Tensor Average) PartsOf(int index) =>
        (Part(gradient, index), Part(mean, index), Part(square, index), Part(average, index));

    /// <summary>How long all gradients together are, with those of other weights.</summary>
    public double Norm(IEnumerable<Tensor> others)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return stack([.. others.Prepend(gradient).Select(values => values.square().sum())]).sum().sqrt().item<float>();
    }

    /// <summary>Moves all weights along their gradients, which it empties.</summary>
    /// <param name="kernel">Of a weight whose factor is 1.</param>
    /// <param name="decay">What such a weight loses of itself.</param>
    public void Apply(AdamWKernel kernel, double decay)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        gradient.mul_(kernel.Clip);
        mean.mul_(kernel.Beta1).add_(gradient, alpha: 1 - kernel.Beta1);
        square.mul_(kernel.Beta2).addcmul_(gradient, gradient, value: 1 - kernel.Beta2);
        gradient.zero_();

        var values = Values();
        var down = square.sqrt().div_(kernel.Deviation).add_(kernel.Epsilon);
        values.sub_(mean.div(down).mul_(kernel.Rate).add_(values, alpha: decay).mul_(rates));
        average.add_(values - average, alpha: kernel.Follow);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i].copy_(Part(values, i));
        }
    }

    public void Dispose()
    {
        gradient.Dispose();
        mean.Dispose();
        square.Dispose();
        average.Dispose();
        rates.Dispose();
    }

    private Tensor Values() => cat([.. weights.Select(weight => weight.flatten())]);

    private Tensor Part(Tensor all, int index) => all.narrow(0, starts[index], weights[index].numel()).view(weights[index].shape);
}
