using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dramatis.Cli.Host;
using Dramatis.Requests;
using Spectre.Console;

namespace Dramatis.Cli.Commands;

/// <summary>Shows how a picture comes along: a bar on a terminal, plain lines otherwise, or JSON lines.</summary>
internal sealed class PaintReport(bool json) : IDisposable
{
    private const int PlainLines = 4;
    private const int BarWidth = 30;

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Stopwatch total = Stopwatch.StartNew();
    private readonly Stopwatch stepping = new();
    private readonly StepClock clock = new();
    private readonly bool drawsBar = !json && !Console.IsErrorRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private double loadSeconds;
    private int steps;

    /// <summary>Said before anything is read.</summary>
    /// <param name="pictures">How many will be painted.</param>
    public void Begin(string model, int pictures)
    {
        clock.Pictures = pictures;
        if (!json)
        {
            var text = $"loading {TerminalText.OneLine(model)} ...";
            Console.Error.Write(drawsBar ? text : text + Environment.NewLine);
        }
    }

    /// <param name="file">Where a finished picture was written.</param>
    public void Show(GenerationEvent item, string? file)
    {
        Count(item);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(ToJson(item, file), SnakeCase));
        }
        else if (item is StepDone done)
        {
            ShowStep(done);
        }
        else if (Line(item, file) is { } line)
        {
            EndBar();
            Console.Error.WriteLine(line);
        }
    }

    /// <summary>Leaves the line of the bar to whatever is told next.</summary>
    public void Dispose() => EndBar();

    /// <summary>Ends the report.</summary>
    public void End(bool stats)
    {
        if (!stats)
        {
            return;
        }

        var step = clock.SecondsAStep ?? (steps == 0 ? 0 : stepping.Elapsed.TotalSeconds / steps);
        string[] lines =
        [
            $"threads      {TorchSharp.torch.get_num_threads()} of {Environment.ProcessorCount}",
            $"malloc       {ProcessSetup.Malloc}",
            $"load         {loadSeconds:0.00} s",
            $"step         {step:0.000} s",
            $"in all       {(DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds:0.00} s",
            $"peak memory  {Process.GetCurrentProcess().PeakWorkingSet64 / (1024.0 * 1024):0} MiB",
        ];
        Array.ForEach(lines, Console.Error.WriteLine);
    }

    private void Count(GenerationEvent item)
    {
        switch (item)
        {
            case ModelReady ready:
                loadSeconds = ready.Seconds;
                stepping.Start();
                break;
            case StepDone done:
                steps++;
                clock.Add(done);
                break;
            case PictureDone:
                stepping.Stop();
                break;
        }
    }

    private void ShowStep(StepDone done)
    {
        var picture = clock.Pictures > 1 ? $"picture {done.Picture + 1}/{clock.Pictures}  " : "";
        var speed = clock.SecondsAStep is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"  {seconds:0.00} s a step  {TimeSpan.FromSeconds(clock.SecondsLeft(done)):m\\:ss} left")
            : "";
        var text = $"{picture}step {done.Step}/{done.Count}{speed}";
        if (drawsBar)
        {
            var filled = BarWidth * done.Step / done.Count;
            Console.Error.Write($"\r{new string('━', filled)}{new string('─', BarWidth - filled)}  {text}\u001b[K");
        }
        else if (done.Step * PlainLines / done.Count > (done.Step - 1) * PlainLines / done.Count)
        {
            Console.Error.WriteLine(text);
        }
    }

    private void EndBar()
    {
        if (drawsBar)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }

    // Null for what is not told in words.
    private string? Line(GenerationEvent item, string? file) => item switch
    {
        PictureDone done => string.Create(CultureInfo.InvariantCulture, $"{file} (seed {done.Seed}, {total.Elapsed.TotalSeconds:0.0} s)"),
        SubjectPlaced { Place: var place } placed => string.Create(
            CultureInfo.InvariantCulture, $"{placed.Phrase} stands at {place.Left:0.##},{place.Top:0.##},{place.Right:0.##},{place.Bottom:0.##}"),
        SubjectCutOut cut => $"{cut.Phrase} is {(cut.Mode == CutOutMode.Crop ? "cropped to where it stands" : "cut out of its ground")}"
            + $"{(file is null ? "; --save-cutouts FOLDER shows it" : $": {file}")}; --cut-out none keeps the ground",
        Notice notice => $"{notice.Field}: {notice.Text}",
        _ => null,
    };

    private static object ToJson(GenerationEvent item, string? file) => item switch
    {
        ModelReady ready => new { Event = "model_ready", ready.Model, ready.Seconds },
        SubjectPlaced placed => new
        {
            Event = "subject_placed",
            placed.Picture,
            placed.Subject,
            placed.Phrase,
            Place = new[] { placed.Place.Left, placed.Place.Top, placed.Place.Right, placed.Place.Bottom },
        },
        SubjectCutOut cut => new { Event = "subject_cut_out", cut.Subject, cut.Reference, cut.Phrase, Mode = CutOutModes.NameOf(cut.Mode), File = file },
        Notice notice => new { Event = "notice", notice.Field, notice.Text },
        Preview look => new { Event = "preview", look.Picture, look.Step, File = file },
        StepDone step => new { Event = "step_done", step.Picture, step.Step, step.Count },
        PictureDone done => new { Event = "picture_done", done.Picture, done.Seed, File = file },
        _ => throw new UnreachableException($"{item.GetType()}"),
    };
}
