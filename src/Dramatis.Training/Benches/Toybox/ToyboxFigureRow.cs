using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>One figure by name, for reports.</summary>
internal sealed record ToyboxFigureRow(string Name, Interval Painted, Interval Composed, Interval? Rebuilt)
{
    private static readonly (string Name, Func<ToyboxFigures, Interval?> Of)[] Figures =
    [
        ("right_subject", figures => figures.RightSubject),
        ("right_subject_top5", figures => figures.RightSubjectTop5),
        ("subject_error", figures => figures.SubjectError),
        ("box_iou", figures => figures.BoxIou),
        ("leak", figures => figures.Leak),
        ("missing", figures => figures.Missing),
        ("scene", figures => figures.Scene),
        ("by_name", figures => figures.ByName),
        ("by_name_top5", figures => figures.ByNameTop5),
    ];

    /// <summary>The figures that were judged.</summary>
    public static IReadOnlyList<ToyboxFigureRow> Of(ToyboxBenchResult result) =>
    [
        .. from figure in Figures
           let painted = figure.Of(result.Painted.Figures)
           where painted is not null
           select new ToyboxFigureRow(
               figure.Name,
               painted.Value,
               figure.Of(result.Composed.Figures)!.Value,
               result.Rebuilt is null ? null : figure.Of(result.Rebuilt.Figures)),
    ];
}
