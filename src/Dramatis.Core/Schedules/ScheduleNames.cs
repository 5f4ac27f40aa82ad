using System.Diagnostics;
using Dramatis.Errors;

namespace Dramatis.Schedules;

/// <summary>Ways to pick the noise levels of a run, as requests name them.</summary>
public static class ScheduleNames
{
    internal const string Karras = "karras";

    /// <summary>The names of noise schedules in requests.</summary>
    public static IReadOnlyList<string> All { get; } = ["leading", "trailing", "linspace", Karras];

    /// <exception cref="InvalidRequestException">There is no such way.</exception>
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!All.Contains(name))
        {
            throw InvalidRequestException.Unknown("schedule", name, All);
        }
    }

    /// <summary>Why a sampler does not go by a choice of noise levels; null where it does.</summary>
    internal static string? Problem(string name, SamplerKind sampler) =>
        sampler == SamplerKind.Lcm ? $"\"{name}\" is not read: {Of(sampler)} visits the noise levels that the model was distilled on."
        : name != Karras || SamplerKinds.HasKarras(sampler) ? null
        : $"\"{name}\" is not read: {Of(sampler)} has no such noise levels. {string.Join(", ", WithKarras.Select(Of))} have.";

    private static IEnumerable<SamplerKind> WithKarras => Enum.GetValues<SamplerKind>().Where(SamplerKinds.HasKarras);

    private static string Of(SamplerKind sampler) => SamplerKinds.NameOf(sampler);

    /// <summary>A model's settings with another choice of noise levels; null leaves the model's own.</summary>
    internal static SchedulerConfig Apply(SchedulerConfig config, string? name) => name switch
    {
        null => config,
        Karras => config with { KarrasSigmas = true },
        "leading" => config with { Spacing = Spacing.Leading, KarrasSigmas = false },
        "trailing" => config with { Spacing = Spacing.Trailing, KarrasSigmas = false },
        "linspace" => config with { Spacing = Spacing.Linspace, KarrasSigmas = false },
        _ => throw new UnreachableException(),
    };
}
