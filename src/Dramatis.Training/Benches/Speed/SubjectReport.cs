using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Benches.Speed;

/// <summary>A <see cref="SubjectResult"/> for readers and for programs.</summary>
internal static class SubjectReport
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Lines for people.</summary>
    public static string Text(SubjectResult result) => string.Join('\n',
    [
        $"{result.Family.Name} at {result.Size} with {result.Method}, {TorchSharp.torch.get_num_threads()} threads",
        "subjects  seconds a step  ratio to none  attention to references  held  added to the peak",
        .. result.Costs.Select(cost => string.Create(
            CultureInfo.InvariantCulture,
            $"{cost.Subjects,8}{cost.Seconds,16:0.00}{cost.Ratio,15:0.000}{cost.Share,25:0.00%}"
                + $"{cost.HeldMemory / Mebi,6:0}{cost.AddedMemory / Mebi,15:0} MiB")),
        string.Create(CultureInfo.InvariantCulture, $"the adapter's weights: {result.Adapter / Mebi:0} MiB"),
    ]);

    /// <summary>One JSON object.</summary>
    public static string Json(SubjectResult result) => JsonSerializer.Serialize(
        new SubjectReportJson(
            result.Family.Name,
            result.Size.ToString(),
            result.Method,
            TorchSharp.torch.get_num_threads(),
            result.Adapter / Mebi,
            [.. result.Costs.Select(cost => new SubjectCostJson(
                cost.Subjects, cost.Seconds, cost.Ratio, cost.Share, cost.HeldMemory / Mebi, cost.AddedMemory / Mebi))]),
        SubjectJson.Default.SubjectReportJson);
}

/// <summary>Memory in MiB.</summary>
internal sealed record SubjectReportJson(string Family, string Size, string Method, int Threads, double Adapter, IReadOnlyList<SubjectCostJson> Costs);

internal sealed record SubjectCostJson(int Subjects, double Seconds, double Ratio, double Share, double HeldMemory, double AddedMemory);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SubjectReportJson))]
internal sealed partial class SubjectJson : JsonSerializerContext;
