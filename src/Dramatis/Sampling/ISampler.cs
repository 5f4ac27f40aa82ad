using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Moves latents from one noise level to the next. One instance serves one run and may keep tensors of it.</summary>
public interface ISampler : IDisposable
{
    /// <returns>Latents (B, C, h, w) at <see cref="StepInfo.Next"/>.</returns>
    Tensor Step(Denoiser denoise, Tensor x, StepInfo step);
}

/// <summary>Makes samplers.</summary>
public static class Samplers
{
    public static ISampler Create(SamplerKind kind, SchedulerConfig config) => kind switch
    {
        SamplerKind.DpmPlusPlus2M => new DpmPlusPlus2MSampler(config),
        _ => new EulerSampler(),
    };
}
