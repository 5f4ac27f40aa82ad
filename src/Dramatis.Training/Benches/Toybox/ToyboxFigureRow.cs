using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>One figure by name, for reports.</summary>
internal sealed record ToyboxFigureRow(string Name, Interval Painted, Interval Composed, Interval? Rebuilt)
{
    /// <summary>The figures that were judged.</summary>
    public static IReadOnlyList<ToyboxFigureRow> Of(ToyboxBenchResult result) =>
    [
        .. from figure in ToyboxFigure.All
           let painted = figure.Of(result.Painted.Figures)
           where painted is not null
           select new ToyboxFigureRow(
               figure.Name,
               painted.Value,
               figure.Of(result.Composed.Figures)!.Value,
               result.Rebuilt is null ? null : figure.Of(result.Rebuilt.Figures)),
    ];
}
