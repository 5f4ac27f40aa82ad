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
        var overlaps = golden.Fixture.GetProperty("pair_ious").EnumerateArray().Zip(pictures, (expected, picture) => expected.EnumerateArray()
            .Zip(picture.Detections, (iou, found) => Math.Abs(iou.GetDouble() - picture.Truth[0].Box.Iou(found.Box))).Max());
        var precisions = golden.Fixture.GetProperty("ap").EnumerateObject().SelectMany(label => label.Value.EnumerateObject().Select(threshold =>
            Math.Abs(threshold.Value.GetDouble() - BoxScores.AveragePrecision(pictures, Whole(label.Name), Number(threshold.Name)))));
        return new()
        {
            Outputs =
            [
                new("pair_ious", overlaps.Max(), golden.Tolerance("pair_ious")),
                new("ap", precisions.Max(), golden.Tolerance("ap")),
                Single(golden, "ap50", BoxScores.MeanAveragePrecision(pictures, .5)),
                Single(golden, "ap75", BoxScores.MeanAveragePrecision(pictures, .75)),
                Single(golden, "map", BoxScores.MeanAveragePrecision(pictures, BoxScores.Thresholds)),
                Single(golden, "miou", BoxScores.MeanIou(pictures)),
            ],
        };
    }

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
