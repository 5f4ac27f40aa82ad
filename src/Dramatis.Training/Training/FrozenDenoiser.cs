using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>A denoiser that is used, not trained: how wrong it predicts in a session whose adapter is trained.</summary>
internal sealed class FrozenDenoiser
{
    private readonly UNet unet;
    private readonly NoisyLatents noisy;

    /// <param name="unet">Its weights want no gradients from now on.</param>
    public FrozenDenoiser(UNet unet, SchedulerConfig scheduler)
    {
        this.unet = unet;
        noisy = new NoisyLatents(new NoiseLevels(scheduler).Alphas, scheduler.Prediction);
        foreach (var weight in unet.parameters())
        {
            weight.requires_grad = false;
        }
    }

    /// <summary>Gradient checkpointing: less memory, a third more time.</summary>
    public bool Recompute { get; init; }

    /// <summary>How many noise levels there are.</summary>
    public int Timesteps => noisy.Timesteps;

    /// <summary>The mean squared error, a scalar. Its backward pass must end before <paramref name="session"/> does.</summary>
    public Tensor Loss(DenoisingInputs inputs, ConditioningSession session)
    {
        using var scope = NewDisposeScope();
        var (input, target) = noisy.At(inputs.Latents, inputs.Noise, inputs.Timesteps);
        var context = new StepContext(NoisyLatents.AnyStep, inputs.Text, session) { Added = inputs.Added, Recompute = Recompute };
        var errors = (unet.forward(input, inputs.Timesteps, context) - target).square();
        return (inputs.Weights is { } weights ? errors * weights : errors).mean().MoveToOuterDisposeScope();
    }
}
