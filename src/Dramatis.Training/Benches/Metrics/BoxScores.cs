using Dramatis.Requests;

namespace Dramatis.Benches.Metrics;

/// <summary>A box of a class.</summary>
/// <param name="Label">The class.</param>
/// <param name="Score">How sure a detector is of it; not read for true boxes.</param>
internal sealed record LabelledBox(Box Box, int Label, double Score = 1);

/// <summary>Where subjects should be in a picture, and where a detector finds them.</summary>
internal sealed record DetectedPicture(IReadOnlyList<LabelledBox> Truth, IReadOnlyList<LabelledBox> Detections);

/// <summary>Measures of layout: overlap and COCO's average precision (Lin et al., 2014).</summary>
internal static class BoxScores
{
    private const int RecallPoints = 101;

    /// <summary>COCO's thresholds of overlap, .50 to .95.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [.. Enumerable.Range(0, 10).Select(i => (50 + (5 * i)) / 100.0)];

    /// <summary>The mean over all true boxes of the best overlap with a detection of their label; 0 where there are none.</summary>
    public static double MeanIou(IEnumerable<DetectedPicture> pictures) => pictures
        .SelectMany(picture => picture.Truth.Select(truth => picture.Detections
            .Where(found => found.Label == truth.Label)
            .Select(found => truth.Box.Iou(found.Box))
            .DefaultIfEmpty(0)
            .Max()))
        .DefaultIfEmpty(0)
        .Average();

    /// <summary>Mean of <see cref="AveragePrecision"/> over the labels that have true boxes, and over thresholds; 0 where none has.</summary>
    public static double MeanAveragePrecision(IReadOnlyList<DetectedPicture> pictures, params IReadOnlyList<double> thresholds)
    {
        var labels = pictures.SelectMany(picture => picture.Truth).Select(truth => truth.Label).Distinct().ToList();
        return labels.SelectMany(label => thresholds.Select(threshold => AveragePrecision(pictures, label, threshold))).DefaultIfEmpty(0).Average();
    }

    /// <summary>Area under precision over recall for one label, at 101 points; 0 for a label without true boxes.</summary>
    /// <param name="threshold">The overlap from which a detection counts as right.</param>
    public static double AveragePrecision(IReadOnlyList<DetectedPicture> pictures, int label, double threshold)
    {
        var truths = pictures.Sum(picture => picture.Truth.Count(truth => truth.Label == label));
        var ranked = pictures.SelectMany(picture => Match(picture, label, threshold)).OrderByDescending(found => found.Score).ToList();
        var precisions = new double[ranked.Count];
        var recalls = new double[ranked.Count];
        var right = 0;
        for (var i = 0; i < ranked.Count; i++)
        {
            right += ranked[i].IsRight ? 1 : 0;
            precisions[i] = right / (i + 1.0);
            recalls[i] = (double)right / Math.Max(1, truths);
        }

        // The best precision at this recall or more.
        for (var i = ranked.Count - 2; i >= 0; i--)
        {
            precisions[i] = Math.Max(precisions[i], precisions[i + 1]);
        }

        return Enumerable.Range(0, RecallPoints).Average(point =>
        {
            var first = Array.FindIndex(recalls, recall => recall >= point / (RecallPoints - 1.0));
            return first < 0 ? 0 : precisions[first];
        });
    }

    // The surest detections choose first; each takes the true box that it overlaps most and that is still free.
    private static IEnumerable<(double Score, bool IsRight)> Match(DetectedPicture picture, int label, double threshold)
    {
        var free = picture.Truth.Where(truth => truth.Label == label).ToList();
        foreach (var found in picture.Detections.Where(found => found.Label == label).OrderByDescending(found => found.Score))
        {
            var best = free.MaxBy(truth => truth.Box.Iou(found.Box));
            var isRight = best is not null && best.Box.Iou(found.Box) >= threshold;
            if (isRight)
            {
                free.Remove(best!);
            }

            yield return (found.Score, isRight);
        }
    }
}
