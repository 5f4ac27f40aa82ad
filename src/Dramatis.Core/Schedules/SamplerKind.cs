using Dramatis.Errors;

namespace Dramatis.Schedules;

/// <summary>A way of sampling: which noise levels to visit, and how to step between them.</summary>
public enum SamplerKind
{
    /// <summary>Denoising diffusion implicit models without noise of their own (Song et al., 2021).</summary>
    Ddim,

    /// <summary>Euler's method (Karras et al., 2022, algorithm 2 without churn and correction).</summary>
    Euler,

    /// <summary>DPM-Solver++ of second order, multistep (Lu et al., 2022, algorithm 2).</summary>
    DpmPlusPlus2M,

    /// <summary>The same with noise of its own.</summary>
    DpmPlusPlus2MSde,

    /// <summary>Ancestral sampling of denoising diffusion (Ho et al., 2020, algorithm 2).</summary>
    Ddpm,

    /// <summary>Pseudo linear multistep (Liu et al., 2022).</summary>
    Pndm,

    /// <summary>Euler's method with the noise of ancestral sampling.</summary>
    EulerAncestral,

    /// <summary>Heun's method (Karras et al., 2022, algorithm 2 without churn): two network calls a step.</summary>
    Heun,

    /// <summary>UniPC of second order (Zhao et al., 2023).</summary>
    UniPc,

    /// <summary>Multistep sampling of latent consistency models (Luo et al., 2023): for models that were distilled for it.</summary>
    Lcm,
}

/// <summary>What ways of sampling are called, by users and in model files.</summary>
public static class SamplerKinds
{
    private static readonly (SamplerKind Kind, string Name, string Class)[] Names =
    [
        (SamplerKind.Ddim, "ddim", "DDIMScheduler"),
        (SamplerKind.Euler, "euler", "EulerDiscreteScheduler"),
        (SamplerKind.EulerAncestral, "euler-ancestral", "EulerAncestralDiscreteScheduler"),
        (SamplerKind.Heun, "heun", "HeunDiscreteScheduler"),
        (SamplerKind.DpmPlusPlus2M, "dpmpp-2m", "DPMSolverMultistepScheduler"),
        (SamplerKind.DpmPlusPlus2MSde, "dpmpp-2m-sde", "DPMSolverMultistepScheduler"),
        (SamplerKind.UniPc, "unipc", "UniPCMultistepScheduler"),
        (SamplerKind.Pndm, "pndm", "PNDMScheduler"),
        (SamplerKind.Ddpm, "ddpm", "DDPMScheduler"),
        (SamplerKind.Lcm, "lcm", "LCMScheduler"),
    ];

    /// <summary>The names that requests may use.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Select(item => item.Name)];

    /// <exception cref="InvalidRequestException">There is no such sampler.</exception>
    public static SamplerKind Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(Names, item => item.Name == name) is { Name: not null } found
            ? found.Kind
            : throw InvalidRequestException.Unknown("sampler", name, All);
    }

    /// <summary>Whether a way of sampling has the noise levels of Karras et al. (2022) as the reference has them.</summary>
    internal static bool HasKarras(SamplerKind kind) => kind
        is SamplerKind.Euler or SamplerKind.Heun or SamplerKind.DpmPlusPlus2M or SamplerKind.DpmPlusPlus2MSde or SamplerKind.UniPc;

    /// <summary>The name in requests, for example <c>dpmpp-2m</c>.</summary>
    public static string NameOf(SamplerKind kind) => Names.First(item => item.Kind == kind).Name;

    /// <summary>What a class of diffusers is here, or null for one that does not exist here.</summary>
    public static SamplerKind? OfDiffusers(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(Names, item => item.Class == name) is { Class: not null } found ? found.Kind : null;
    }

    /// <summary>The name of the scheduler's class in diffusers.</summary>
    public static string ToDiffusers(SamplerKind kind) => Names.First(item => item.Kind == kind).Class;
}
