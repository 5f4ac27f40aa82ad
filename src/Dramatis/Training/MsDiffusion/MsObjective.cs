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
    // Training knows no steps: the first of one, so that every subject acts.
    private static readonly StepInfo AnyStep = new(0, 1, 0, 0);

    private readonly UNet unet;
    private readonly MsDiffusionAdapter adapter;
    private readonly Prediction prediction;
    private readonly IReadOnlyList<double> alphas;

    /// <param name="unet">Its weights want no gradients from now on.</param>
    public MsObjective(UNet unet, MsDiffusionAdapter adapter, SchedulerConfig scheduler)
    {
        this.unet = unet;
        this.adapter = adapter;
        prediction = scheduler.Prediction;
        alphas = new NoiseLevels(scheduler).Alphas;
        foreach (var weight in unet.parameters())
        {
            weight.requires_grad = false;
        }
    }

    /// <summary>Gradient checkpointing: less memory, a third more time.</summary>
    public bool Recompute { get; init; }

    /// <summary>How many noise levels there are.</summary>
    public int Timesteps => alphas.Count;

    /// <summary>A scalar. Its backward pass must end before <paramref name="session"/> does.</summary>
    public Tensor Loss(MsInputs inputs, ConditioningSession session)
    {
        using var scope = NewDisposeScope();
        var signal = AtTimesteps(inputs.Timesteps, Math.Sqrt);
        var noise = AtTimesteps(inputs.Timesteps, alpha => Math.Sqrt(1 - alpha));
        var noisy = (signal * inputs.Latents) + (noise * inputs.Noise);                                      // Ho et al. (2020), eq. 4
        var target = prediction switch
        {
            Prediction.Epsilon => inputs.Noise,
            Prediction.Velocity => (signal * inputs.Noise) - (noise * inputs.Latents),                     // Salimans and Ho (2022)
            _ => inputs.Latents,
        };
        var context = new StepContext(AnyStep, inputs.Text, session) { Added = inputs.Added, Recompute = Recompute };
        var predicted = unet.forward(noisy, inputs.Timesteps, context);
        return (predicted - target).square().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Makes tokens of all references and opens a session on them.</summary>
    public ConditioningSession Open(MsInputs inputs)
    {
        using var scope = NewDisposeScope();
        var tokens = adapter.forward(inputs.Features, inputs.Phrases, inputs.Places, inputs.Ungrounded);    // (M, Q, E)
        var (rows, slots) = (inputs.Latents.shape[0], inputs.Latents.shape[0] * inputs.LargestCast);
        var all = zeros(slots, tokens.shape[1], tokens.shape[2]).index_copy(0, inputs.Slots, tokens);       // (B n, Q, E)
        var boxes = zeros(slots, 4).index_copy(0, inputs.Slots, inputs.Places);
        return adapter.Open(all.unflatten(0, rows, -1), boxes.unflatten(0, rows, -1));
    }

    private Tensor AtTimesteps(Tensor timesteps, Func<double, double> of)
    {
        using var table = tensor(alphas.Select(alpha => (float)of(alpha)).ToArray());
        return table[timesteps].view(-1, 1, 1, 1);
    }
}
