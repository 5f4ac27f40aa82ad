using Dramatis.Files;
using ScottPlot;

namespace Dramatis.Training;

/// <summary>Draws what a training's tables say.</summary>
internal static class LossCurve
{
    public const string FileName = "loss.png";

    private const int Width = 900;
    private const int Height = 420;

    /// <summary>A curve of more points than pixels is only slow.</summary>
    private const int MostPoints = 1500;

    /// <summary>The smooth curve is a mean of about so many hundredths of the run.</summary>
    private const int Smoothing = 50;

    /// <summary>Writes the loss over the steps, on a logarithmic axis, and below it the figures of the evaluations.</summary>
    /// <exception cref="Dramatis.Errors.OutputNotWrittenException">The file cannot be written.</exception>
    public static void Write(string folder)
    {
        var losses = LossLog.Read(folder);
        var figures = EvaluationLog.Read(folder);
        if (losses.Count == 0)
        {
            return;
        }

        var plots = new Multiplot();
        plots.AddPlot(OfLosses(losses));
        if (figures.Count > 0)
        {
            plots.AddPlot(OfFigures(figures));
        }

        var picture = plots.Render(Width, Height * plots.Subplots.Count).GetImageBytes(ImageFormat.Png);
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(picture));
    }

    private static Plot OfLosses(IReadOnlyList<double> losses)
    {
        var plot = new Plot();
        var points = Points(losses);
        double[] steps = [.. points.Select(point => point.Step)];
        var single = plot.Add.ScatterLine(steps, [.. points.Select(point => Math.Log10(point.Loss))], Colors.LightGray);
        single.LegendText = "loss";
        var smooth = plot.Add.ScatterLine(steps, Smooth(points), Colors.Navy);
        smooth.LegendText = "smoothed";
        smooth.LineWidth = 2;
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            LabelFormatter = power => Math.Pow(10, power).ToString("G3", System.Globalization.CultureInfo.InvariantCulture),
        };
        plot.XLabel("step");
        plot.YLabel("loss");
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    private static Plot OfFigures(IReadOnlyList<(string Figure, IReadOnlyList<(long Step, double Value)> Values)> figures)
    {
        var plot = new Plot();
        foreach (var (figure, values) in figures)
        {
            var line = plot.Add.Scatter(values.Select(value => (double)value.Step).ToArray(), values.Select(value => value.Value).ToArray());
            line.LegendText = figure;
        }

        plot.XLabel("step");
        plot.YLabel("evaluation");
        plot.ShowLegend(Alignment.UpperLeft);
        return plot;
    }

    // Means of neighbours, where there are many; a logarithm wants positive numbers.
    private static (double Step, double Loss)[] Points(IReadOnlyList<double> losses)
    {
        var group = (losses.Count + MostPoints - 1) / MostPoints;
        return [.. losses
            .Select((loss, step) => (step, loss))
            .Where(item => double.IsFinite(item.loss) && item.loss > 0)
            .GroupBy(item => item.step / group)
            .Select(items => (items.Average(item => (double)item.step), items.Average(item => item.loss)))];
    }

    private static double[] Smooth((double Step, double Loss)[] points)
    {
        var memory = Math.Max(1.0, points.Length / (double)Smoothing);
        var mean = 0.0;
        return [.. points.Select((point, i) => mean += (Math.Log10(point.Loss) - mean) / Math.Min(i + 1, memory))];
    }
}
