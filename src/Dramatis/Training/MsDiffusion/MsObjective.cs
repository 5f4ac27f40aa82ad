using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.UNet;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>The mean squared error of what a frozen denoiser predicts with the adapter that is trained.</summary>
/// <remarks>Shapes: as in <see cref="MsInputs"/>; Q tokens of width E a subject.</remarks>
public sealed class MsObjective
{
    private readonly UNet unet;
    private readonly MsDiffusionAdapter adapter;
    private readonly NoisyLatents noisy;

    /// <param name="unet">Its weights want no gradients from now on.</param>
    public MsObjective(UNet unet, MsDiffusionAdapter adapter, SchedulerConfig scheduler)
    {
        this.unet = unet;
        this.adapter = adapter;
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

    /// <summary>A scalar. Its backward pass must end before <paramref name="session"/> does.</summary>
    public Tensor Loss(MsInputs inputs, ConditioningSession session)
    {
        using var scope = NewDisposeScope();
        var (input, target) = noisy.At(inputs.Latents, inputs.Noise, inputs.Timesteps);
        var context = new StepContext(NoisyLatents.AnyStep, inputs.Text, session) { Added = inputs.Added, Recompute = Recompute };
        var predicted = unet.forward(input, inputs.Timesteps, context);
        return (predicted - target).square().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Makes tokens of all references and opens a session on them.</summary>
    public ConditioningSession Open(MsInputs inputs)
    {
        using var scope = NewDisposeScope();
        var tokens = adapter.forward(inputs.Features, inputs.Phrases, inputs.Places, inputs.Ungrounded);    // (M, Q, E)
        return adapter.Open(tokens, inputs.Places, inputs.Slots, inputs.Latents.shape[0], inputs.LargestCast);
    }
}
