using Dramatis.Schedules;

namespace Dramatis.Server.Api.A1111;

/// <summary>Samplers by the names that AUTOMATIC1111's web UI made usual.</summary>
internal static class A1111Samplers
{
    private static readonly (string Name, string Own)[] Known =
    [
        ("Euler", "euler"), ("Euler a", "euler-ancestral"), ("Heun", "heun"), ("DPM++ 2M", "dpmpp-2m"), ("DPM++ 2M SDE", "dpmpp-2m-sde"),
        ("UniPC", "unipc"), ("PLMS", "pndm"), ("DDIM", "ddim"), ("DDPM", "ddpm"), ("LCM", "lcm"),
    ];

    private const string Karras = " Karras";

    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(item => item.Name)];

    /// <summary>Our sampler and schedule; a name may say both, as it did in earlier releases.</summary>
    /// <exception cref="RefusedException">There is no such sampler or scheduler.</exception>
    public static (string? Sampler, string? Schedule) Find(string? name, string? scheduler)
    {
        var karras = name?.EndsWith(Karras, StringComparison.OrdinalIgnoreCase) == true;
        name = karras ? name![..^Karras.Length] : name;
        var sampler = name is null or "" or "Automatic" ? null
            : Array.Find(Known, item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Own
            ?? (SamplerKinds.All.Contains(name) ? name : throw Unknown("sampler_name", name, Names));
        return (sampler, karras ? "karras" : scheduler?.ToLowerInvariant() switch
        {
            null or "" or "automatic" => null,
            var other when ScheduleNames.All.Contains(other) => other,
            _ => throw Unknown("scheduler", scheduler, ScheduleNames.All),
        });
    }

    private static RefusedException Unknown(string field, string? name, IEnumerable<string> known) =>
        new(StatusCodes.Status422UnprocessableEntity, field, $"\"{name}\" is unknown; there is Automatic, {string.Join(", ", known)}.");
}
