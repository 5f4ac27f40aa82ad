using System.Text.Json.Nodes;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>The result as one JSON object: fractions at the top, their intervals and the two yardsticks beside them.</summary>
internal static class ToyboxBenchReportJson
{
    public static string Write(ToyboxBenchResult result)
    {
        var rows = ToyboxFigureRow.Of(result);
        var json = new JsonObject
        {
            ["seed"] = result.Seed,
            ["orders"] = result.Painted.Pictures.Count,
            ["crops"] = result.Painted.Figures.Crops,
        };
        foreach (var row in rows)
        {
            json[row.Name] = row.Name == ToyboxFigure.SubjectError.Name ? WithYardsticks(row) : row.Painted.Value;
        }

        Add(json, "vae_decibels", result.Autoencoder?.Decibels);
        Add(json, "vae_inside_decibels", result.Autoencoder?.InsideDecibels);
        Add(json, "vae_edges_kept", result.Autoencoder?.EdgesKept);
        json["intervals"] = Each(rows, row => new JsonArray(row.Painted.Low, row.Painted.High));
        json["floor"] = Each(rows, row => row.Composed.Value);      // of the composed pictures
        Add(json, "vae", result.Rebuilt is null ? null : Each(rows, row => row.Rebuilt!.Value.Value));
        return json.ToJsonString();
    }

    // What it counts for depends on what cannot be helped.
    private static JsonObject WithYardsticks(ToyboxFigureRow row)
    {
        var json = new JsonObject { ["value"] = row.Painted.Value, ["floor"] = row.Composed.Value };
        Add(json, "vae", row.Rebuilt?.Value);
        return json;
    }

    private static void Add(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static JsonObject Each(IReadOnlyList<ToyboxFigureRow> rows, Func<ToyboxFigureRow, JsonNode> value) =>
        new(rows.Select(row => KeyValuePair.Create<string, JsonNode?>(row.Name, value(row))));
}
