using System.Diagnostics;
using Dramatis.Errors;

namespace Dramatis.Schedules;

/// <summary>Ways to pick the noise levels of a run, as requests name them.</summary>
public static class ScheduleNames
{
    private const string Karras = "karras";

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
