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
}

/// <summary>What ways of sampling are called, by users and in model files.</summary>
public static class SamplerKinds
{
    private static readonly (SamplerKind Kind, string Name, string Class)[] Names =
    [
        (SamplerKind.Ddim, "ddim", "DDIMScheduler"),
        (SamplerKind.Euler, "euler", "EulerDiscreteScheduler"),
        (SamplerKind.DpmPlusPlus2M, "dpmpp-2m", "DPMSolverMultistepScheduler"),
    ];

    /// <summary>The names that requests may use.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Select(item => item.Name)];

    /// <exception cref="InvalidRequestException">There is no such sampler.</exception>
    public static SamplerKind Parse(string name) =>
        Array.Find(Names, item => item.Name == name) is { Name: not null } found
            ? found.Kind
            : throw new InvalidRequestException("sampler", $"\"{name}\" is unknown; choose {string.Join(", ", All)}.");

    public static string NameOf(SamplerKind kind) => Array.Find(Names, item => item.Kind == kind).Name;

    /// <summary>Diffusers' class name, or null for one that does not exist here.</summary>
    public static SamplerKind? OfDiffusers(string name) =>
        Array.Find(Names, item => item.Class == name) is { Class: not null } found ? found.Kind : null;

    public static string ToDiffusers(SamplerKind kind) => Array.Find(Names, item => item.Kind == kind).Class;
}
