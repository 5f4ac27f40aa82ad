using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Benches.Speed;

/// <summary>A <see cref="GroupSpeed"/> for readers and for programs.</summary>
internal static class GroupReport
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Lines for people.</summary>
    public static string Text(GroupSpeed result) => string.Join('\n', (string[])
    [
        $"{result.Family}, {TorchSharp.torch.get_num_threads()} threads",
        Line($"load         {result.LoadSeconds:0.0} s, weights {result.Weights / Mebi:0} MiB"),
        .. result.Int8Error is { } error ? [Line($"8 bits       {error:0.000} of the tokens' deviation beside half precision")] : Array.Empty<string>(),
        .. result.Groups.Select(group => Line(
            $"{group.Pictures,2} pictures  {group.Seconds:0.0} s for {group.Tokens} tokens, {group.AgainSeconds:0.0} s for another prompt, peak {group.PeakMemory / Mebi:0} MiB")),
        Line($"             {(result.PeakMemory <= result.MemoryLimit ? "below" : "above")} weights + 1 GB ({result.MemoryLimit / Mebi:0} MiB)"),
    ]);

    /// <summary>One JSON object; memory in MiB.</summary>
    public static string Json(GroupSpeed result) => JsonSerializer.Serialize(
        result with { Weights = (long)(result.Weights / Mebi), Groups = [.. result.Groups.Select(group => group with { PeakMemory = (long)(group.PeakMemory / Mebi) })] },
        GroupJson.Default.GroupSpeed);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GroupSpeed))]
internal sealed partial class GroupJson : JsonSerializerContext;
