using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>The result as one JSON object: fractions at the top, their intervals and the two yardsticks beside them.</summary>
internal sealed record ToyboxBenchReportJson
{
    public required ulong Seed { get; init; }

    public required int Orders { get; init; }

    public required int Crops { get; init; }

    public double? RightSubject { get; init; }

    [JsonPropertyName("right_subject_top5")]
    public double? RightSubjectTop5 { get; init; }

    public SubjectErrorJson? SubjectError { get; init; }

    public double? BoxIou { get; init; }

    public double? Leak { get; init; }

    public double? Missing { get; init; }

    public double? Scene { get; init; }

    public double? ByName { get; init; }

    [JsonPropertyName("by_name_top5")]
    public double? ByNameTop5 { get; init; }

    public double? VaeDecibels { get; init; }

    public double? VaeInsideDecibels { get; init; }

    public double? VaeEdgesKept { get; init; }

    /// <summary>Low and high end of each figure's 95 % interval.</summary>
    public required IReadOnlyDictionary<string, double[]> Intervals { get; init; }

    /// <summary>The same figures of the composed pictures.</summary>
    public required IReadOnlyDictionary<string, double> Floor { get; init; }

    /// <summary>The same figures of the VAE's reconstructions.</summary>
    public IReadOnlyDictionary<string, double>? Vae { get; init; }

    public static string Write(ToyboxBenchResult result)
    {
        var figures = result.Painted.Figures;
        var rows = ToyboxFigureRow.Of(result);
        return JsonSerializer.Serialize(
            new ToyboxBenchReportJson
            {
                Seed = result.Seed,
                Orders = result.Painted.Pictures.Count,
                Crops = figures.Crops,
                RightSubject = figures.RightSubject?.Value,
                RightSubjectTop5 = figures.RightSubjectTop5?.Value,
                SubjectError = figures.SubjectError is { } error
                    ? new(error.Value, result.Composed.Figures.SubjectError!.Value.Value, result.Rebuilt?.Figures.SubjectError?.Value)
                    : null,
                BoxIou = figures.BoxIou?.Value,
                Leak = figures.Leak?.Value,
                Missing = figures.Missing?.Value,
                Scene = figures.Scene?.Value,
                ByName = figures.ByName?.Value,
                ByNameTop5 = figures.ByNameTop5?.Value,
                VaeDecibels = result.Autoencoder?.Decibels,
                VaeInsideDecibels = result.Autoencoder?.InsideDecibels,
                VaeEdgesKept = result.Autoencoder?.EdgesKept,
                Intervals = rows.ToDictionary(row => row.Name, row => new[] { row.Painted.Low, row.Painted.High }),
                Floor = rows.ToDictionary(row => row.Name, row => row.Composed.Value),
                Vae = result.Rebuilt is null ? null : rows.ToDictionary(row => row.Name, row => row.Rebuilt!.Value.Value),
            },
            ToyboxBenchJson.Default.ToyboxBenchReportJson);
    }
}

/// <param name="Floor">Of the composed pictures.</param>
/// <param name="Vae">Of the VAE's reconstructions.</param>
internal sealed record SubjectErrorJson(double Value, double Floor, double? Vae);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ToyboxBenchReportJson))]
internal sealed partial class ToyboxBenchJson : JsonSerializerContext;
