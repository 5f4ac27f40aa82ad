using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Moves latents from one noise level to the next. One instance serves one run and may keep tensors of it.</summary>
internal interface ISampler : IDisposable
{
    /// <returns>Latents (B, C, h, w) at <see cref="StepInfo.Next"/>.</returns>
    Tensor Step(Denoiser denoise, Tensor x, StepInfo step);
}

/// <summary>Makes samplers.</summary>
internal static class Samplers
{
    /// <param name="noise">For those that add noise of their own; it stays the caller's.</param>
    public static ISampler Create(SamplerKind kind, SchedulerConfig config, Schedule schedule, Noise noise) => kind switch
    {
        SamplerKind.DpmPlusPlus2M => new DpmPlusPlus2MSampler(config),
        SamplerKind.DpmPlusPlus2MSde => new DpmPlusPlus2MSampler(config, noise),
        SamplerKind.Ddim when config.Eta > 0 => new SteppingBack(new AncestralSampler(noise, config.Eta), schedule),
        SamplerKind.Ddim => new SteppingBack(new EulerSampler(), schedule),
        SamplerKind.Euler => new EulerSampler(),    // in the space x0 + σ n DDIM is the same
        SamplerKind.Ddpm or SamplerKind.EulerAncestral => new AncestralSampler(noise),
        SamplerKind.Pndm => new SteppingBack(new PndmSampler(schedule, config.Prediction), schedule),
        SamplerKind.Heun => new HeunSampler(),
        SamplerKind.UniPc => new UniPcSampler(config),
        SamplerKind.Lcm => new LcmSampler(config, schedule, noise),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no sampler."),
    };
}
