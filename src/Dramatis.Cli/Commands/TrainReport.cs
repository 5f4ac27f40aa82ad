using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Cli.Host;
using Dramatis.Training;

namespace Dramatis.Cli.Commands;

/// <summary>Says how a training goes: lines of text to standard error, or JSON lines to standard output.</summary>
/// <param name="next">Commands that use what was made.</param>
internal sealed class TrainReport(bool json, params IReadOnlyList<string> next) : IProgress<TrainingEvent>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Stopwatch sinceLast = Stopwatch.StartNew();
    private bool first = true;

    /// <summary>Said before anything is read: what follows may take a while.</summary>
    public static void Loading(bool json)
    {
        if (!json)
        {
            Console.Error.WriteLine("loading ...");
        }
    }

    public void Report(TrainingEvent value)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(value, TrainReportJson.Default.TrainingEvent));
        }
        else if (Line(value) is { } line)
        {
            Console.Error.WriteLine(line);
        }
    }

    private string? Line(TrainingEvent value) => value switch
    {
        RecordBroken broken => TerminalText.OneLine(broken.Problem),
        ScenesBegun begun => $"encoding {begun.Scenes} scenes ...",
        PriorPictureDone prior => prior.Picture == prior.Pictures || prior.Picture % 10 == 0 ? $"prior pictures: {prior.Picture} of {prior.Pictures}" : null,
        TrainingStarted started => started.Resumed ? $"goes on after {started.Step} of {started.Steps} steps" : $"{started.Steps} steps",
        TrainingStepDone done => IsDue() ? Text(done) : null,
        TrainingEvaluated evaluated => $"step {evaluated.Step}: " + string.Join(
            ", ", evaluated.Figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value:0.####}"))),
        TrainingFinished finished => string.Join(
            Environment.NewLine, next.Select(command => $"try it: {ProgramName.In(command)}").Prepend($"done: {finished.Folder}")),
        _ => null,
    };

    private static string Text(TrainingStepDone done) => string.Create(
        CultureInfo.InvariantCulture,
        $"step {done.Step}/{done.Steps}  loss {done.AverageLoss:0.0000}{Parts(done)}  {done.PicturesPerSecond:0.0} pictures/s  {Time(done.SecondsLeft)} left");

    private static string Parts(TrainingStepDone done) => done.AverageParts is not { } parts ? "" : $" ({string.Join(
        ", ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:0.0000}")))})";

    // A day is 24:00:00.
    private static string Time(double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{(long)seconds / 3600}:{(long)seconds / 60 % 60:00}:{(long)seconds % 60:00}");

    private bool IsDue()
    {
        if (!first && sinceLast.Elapsed < Pause)
        {
            return false;
        }

        first = false;
        sinceLast.Restart();
        return true;
    }
}

// A loss may be NaN.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingEvent))]
internal sealed partial class TrainReportJson : JsonSerializerContext;
