using System.Globalization;
using System.Text.Json;
using Dramatis.Benches.Metrics;

namespace Dramatis.Verification.Checks;

/// <summary>Measures of layout from given boxes.</summary>
internal sealed class BoxCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["box_metrics"];

    public GoldenResult Run(GoldenCase golden)
    {
        var pictures = golden.Fixture.GetProperty("images").EnumerateArray()
            .Select(image => new DetectedPicture(Boxes(image.GetProperty("truth")), Boxes(image.GetProperty("detections"))))
            .ToList();
        var overlaps = golden.Fixture.GetProperty("pair_ious").EnumerateArray().Zip(pictures, (expected, picture) => Apart(
            [.. expected.EnumerateArray().Select(iou => iou.GetDouble())], FirstOverlaps(picture)));
        var precisions = golden.Fixture.GetProperty("ap").EnumerateObject().SelectMany(label => label.Value.EnumerateObject().Select(threshold =>
            Math.Abs(threshold.Value.GetDouble() - BoxScores.AveragePrecision(pictures, Whole(label.Name), Number(threshold.Name)))));
        return new()
        {
            Outputs =
            [
                new("pair_ious", overlaps.DefaultIfEmpty(0).Max(), golden.Tolerance("pair_ious")),
                new("ap", precisions.DefaultIfEmpty(0).Max(), golden.Tolerance("ap")),
                Single(golden, "ap50", BoxScores.MeanAveragePrecision(pictures, .5)),
                Single(golden, "ap75", BoxScores.MeanAveragePrecision(pictures, .75)),
                Single(golden, "map", BoxScores.MeanAveragePrecision(pictures, BoxScores.Thresholds)),
                Single(golden, "miou", BoxScores.MeanIou(pictures)),
            ],
        };
    }

    // Of the first true box with each detection; a picture without true boxes has none.
    private static double[] FirstOverlaps(DetectedPicture picture) =>
        picture.Truth is [var first, ..] ? [.. picture.Detections.Select(found => first.Box.Iou(found.Box))] : [];

    // What is listed on one side alone is an overlap of 0 on the other.
    private static double Apart(double[] expected, double[] ours) => Enumerable.Range(0, Math.Max(expected.Length, ours.Length))
        .Select(i => Math.Abs(expected.ElementAtOrDefault(i) - ours.ElementAtOrDefault(i)))
        .DefaultIfEmpty(0)
        .Max();

    private static GoldenDifference Single(GoldenCase golden, string name, double ours) =>
        new(name, Math.Abs(golden.Fixture.GetProperty(name).GetDouble() - ours), golden.Tolerance(name));

    private static List<LabelledBox> Boxes(JsonElement list) =>
    [
        .. list.EnumerateArray().Select(item =>
        {
            var box = item.GetProperty("box");
            return new LabelledBox(
                new(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble()),
                item.GetProperty("label").GetInt32(),
                item.TryGetProperty("score", out var score) ? score.GetDouble() : 1);
        }),
    ];

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
