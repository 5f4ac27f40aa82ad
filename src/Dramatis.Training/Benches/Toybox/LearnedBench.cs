using System.Globalization;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;
using Dramatis.Training;
using Dramatis.Training.Subjects;

namespace Dramatis.Benches.Toybox;

/// <summary>What is learned, painted and measured.</summary>
internal sealed record LearnedBenchOptions
{
    public required LearnedMethod Method { get; init; }

    /// <summary>The request to learn subjects into a folder. A number of steps in it is for each subject; the method's own is for all.</summary>
    public required Func<IReadOnlyList<LearnSubject>, string, LearnRequest> Request { get; init; }

    /// <summary>Stands for that request: what was begun with another is not gone on with.</summary>
    public required string RequestText { get; init; }

    /// <summary>The folder of the base model.</summary>
    public required string Model { get; init; }

    /// <summary>How many are learned.</summary>
    public int Subjects { get; init; } = 20;

    /// <summary>Subjects in a picture, measured one after another.</summary>
    public IReadOnlyList<int> Together { get; init; } = [1, 2, 3, 4];

    /// <summary>Pictures for each number of subjects.</summary>
    public int Orders { get; init; } = 32;

    /// <summary>Sampling steps; null: the model's own.</summary>
    public int? Steps { get; init; }

    public LayoutMode Layout { get; init; } = LayoutMode.Boxes;

    /// <summary>Of subjects, orders and judge.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What is there is not learned or painted again. Methods share it.</summary>
    public required string Output { get; init; }
}

/// <summary>Has a method learn subjects that no training has seen, paints them together, and judges the pictures without any learned feature.</summary>
/// <param name="bank">Where subjects come from.</param>
/// <param name="progress">Told of the trainings.</param>
/// <param name="begun">Told which subject of how many is learned next, and its name.</param>
internal sealed class LearnedBench(
    SubjectBank bank, LearnedBenchOptions options, IProgress<TrainingEvent>? progress = null, Action<int, int, string>? begun = null)
{
    /// <summary>The most in one picture.</summary>
    public const int MostTogether = 6;

    private const string TableName = "learned.json";

    private readonly LearnedMethod method = options.Method;
    private readonly LearnedSubjects source = new(bank, options.Seed);

    private bool IsModel => method.Together is LearnedTogether.OneModel;

    /// <summary>Learns, paints and measures what is not there yet.</summary>
    /// <returns>The rows of all methods that the folder has.</returns>
    /// <exception cref="DramatisException">An option makes no sense, or something cannot be learned or painted.</exception>
    /// <exception cref="OperationCanceledException">Stopped; it goes on from there.</exception>
    public IReadOnlyList<LearnedRow> Run(CancellationToken cancellationToken = default)
    {
        var chosen = source.Choose(options.Subjects);
        Check(chosen.Count);
        var runs = new LearnedRuns(Path.Combine(options.Output, method.Name), method, bank, source);
        runs.Begin(string.Create(CultureInfo.InvariantCulture, $"{options.RequestText} (seed {options.Seed})"), "--output");
        if (!IsModel || options.Together.Contains(1))
        {
            foreach (var (i, subject) in chosen.Index())
            {
                begun?.Invoke(i + 1, chosen.Count, bank.Subjects[subject].Name);
                runs.Learn([subject], options.Request, progress, cancellationToken);
            }
        }

        Measure(runs, chosen, cancellationToken);
        return LearnedTable.Read(Path.Combine(options.Output, TableName));
    }

    private void Check(int chosen)
    {
        InvalidRequestException.ThrowUnless(
            options.Together.Max() <= chosen, "--together", $"{options.Together.Max()} are more than the {chosen} subjects that are learned.");
        InvalidRequestException.ThrowUnless(
            !IsModel || options.Layout == LayoutMode.Whole,
            "--layout", $"{method.Name} cannot be told places; give {LayoutModes.NameOf(LayoutMode.Whole)}.");
    }

    private void Measure(LearnedRuns runs, IReadOnlyList<int> chosen, CancellationToken cancellationToken)
    {
        var pictures = string.Create(
            CultureInfo.InvariantCulture, $"pictures-of-{chosen.Count}-{options.Steps?.ToString(CultureInfo.InvariantCulture) ?? "usual"}-steps");
        using var painter = new LearnedPainter(
            options.Model, runs, method.Together is LearnedTogether.Merged, options.Layout, options.Steps, Path.Combine(options.Output, method.Name, pictures));
        var bench = new ToyboxBench(bank, options.Seed);
        var drawer = new ToyboxOrders(bank, options.Seed);
        foreach (var count in options.Together)
        {
            ToyboxOrder[] wanted =
            [
                .. drawer.Make(count, options.Orders, chosen).Select(order => order with { IsAnywhere = options.Layout == LayoutMode.Whole }),
            ];
            foreach (var cast in wanted.Select(LearnedRuns.CastOf))
            {
                Join(runs, cast, cancellationToken);
            }

            var costs = IsModel
                ? Costs(runs, wanted.Select(LearnedRuns.CastOf))
                : Costs(runs, chosen.Select(subject => (int[])[subject]), count);
            Write(bench.Run(wanted, orders => painter.Paint(orders, cancellationToken)), count, costs);
        }
    }

    // What has to be one to be painted together.
    private void Join(LearnedRuns runs, IReadOnlyList<int> cast, CancellationToken cancellationToken)
    {
        if (IsModel)
        {
            runs.Learn(cast, options.Request, progress, cancellationToken);
        }
        else
        {
            runs.Merge(cast, options.Model, cancellationToken);
        }
    }

    private void Write(ToyboxBenchResult result, int count, (double Seconds, double Bytes) costs)
    {
        var name = options.Layout == LayoutMode.Whole ? $"{method.Name} (no places)" : method.Name;
        LearnedTable.Add(
            Path.Combine(options.Output, TableName),
            LearnedRow.Of(name, count, result.Painted.Figures, result.Painted.Pictures.Count, costs.Seconds, costs.Bytes));
        var sheet = Path.Combine(options.Output, $"{method.Name}-{LayoutModes.NameOf(options.Layout)}-{count}");
        ToyboxBenchReport.WriteCsv($"{sheet}.csv", result, bank);
        PictureWriter.WritePng($"{sheet}.png", ToyboxBenchReport.Sheet(result));
    }

    // The median of the times: one that stood still meanwhile shall not count for the others.
    private static (double Seconds, double Bytes) Costs(LearnedRuns runs, IEnumerable<IReadOnlyList<int>> learned, int times = 1)
    {
        double[] seconds = [.. learned.Select(runs.SecondsOf).Order()];
        return (times * seconds[seconds.Length / 2], times * learned.Average(runs.BytesOf));
    }
}
