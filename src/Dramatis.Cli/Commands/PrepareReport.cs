using System.Diagnostics;
using System.Globalization;
using Dramatis.Cli.Host;
using Dramatis.Training.Preparation;

namespace Dramatis.Cli.Commands;

/// <summary>Says to standard error what is left out and why, and now and then how far it is.</summary>
internal sealed class PrepareReport : IProgress<PreparationEvent>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Stopwatch sinceLast = Stopwatch.StartNew();

    public void Report(PreparationEvent value)
    {
        if (value is ItemSkipped skipped)
        {
            Console.Error.WriteLine(TerminalText.OneLine($"left out {skipped.Item}: {skipped.Problem}"));
        }

        if (sinceLast.Elapsed >= Pause)
        {
            sinceLast.Restart();
            Console.Error.WriteLine($"{value.Done} of {value.Count}");
        }
    }

    public static string Text(PreparationSummary summary)
    {
        var skipped = summary.Skipped.Values.Sum();
        var reasons = string.Join(", ", summary.Skipped.OrderByDescending(item => item.Value).Select(item => $"{item.Value} {Words(item.Key)}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Records} records with {summary.Subjects} subjects in {summary.File}; {skipped} of {summary.Items} left "
                + $"out{(skipped > 0 ? $": {reasons}" : "")}");
    }

    private static string Words(SkipReason reason) => reason switch
    {
        SkipReason.NoCaption => "without a caption",
        SkipReason.UnreadablePicture => "unreadable",
        SkipReason.NoPhrase => "with captions that name nothing",
        SkipReason.NothingFound => "in which nothing passed the filters",
        SkipReason.NoMatch => "whose frames show no subject twice",
        _ => throw new UnreachableException($"{reason}"),
    };
}
