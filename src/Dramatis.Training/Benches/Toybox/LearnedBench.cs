using System.Globalization;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>What is painted and measured.</summary>
internal sealed record LearnedBenchOptions
{
    /// <summary>The folder of the base model.</summary>
    public required string Model { get; init; }

    /// <summary>How many there are.</summary>
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

/// <summary>Has a method know subjects that no training has seen, paints them together, and judges the pictures without any learned feature.</summary>
/// <param name="keeper">The method, and what it has of them.</param>
/// <param name="bank">Where subjects come from.</param>
/// <param name="begun">Told which subject of how many is next, and its name.</param>
internal sealed class LearnedBench(ISubjectKeeper keeper, SubjectBank bank, LearnedBenchOptions options, Action<int, int, string>? begun = null)
{
    /// <summary>The most in one picture.</summary>
    public const int MostTogether = 6;

    private const string TableName = "learned.json";

    private readonly LearnedSubjects source = new(bank, options.Seed, SceneOptions.ForModel(options.Model));

    /// <summary>Learns, paints and measures what is not there yet.</summary>
    /// <returns>The rows of all methods that the folder has.</returns>
    /// <exception cref="DramatisException">An option makes no sense, or something cannot be learned or painted.</exception>
    /// <exception cref="OperationCanceledException">Stopped; it goes on from there.</exception>
    public IReadOnlyList<LearnedRow> Run(CancellationToken cancellationToken = default)
    {
        var chosen = source.Choose(options.Subjects);
        Check(chosen.Count);
        if (!keeper.IsModel || options.Together.Contains(1))
        {
            foreach (var (i, subject) in chosen.Index())
            {
                begun?.Invoke(i + 1, chosen.Count, bank.Subjects[subject].Name);
                keeper.Learn([subject], cancellationToken);
            }
        }

        Measure(chosen, cancellationToken);
        return LearnedTable.Read(Path.Combine(options.Output, TableName));
    }

    private void Check(int chosen)
    {
        InvalidRequestException.ThrowUnless(
            options.Together.Max() <= chosen, "--together", $"{options.Together.Max()} are more than the {chosen} subjects that are learned.");
        InvalidRequestException.ThrowUnless(
            !keeper.IsModel || options.Layout == LayoutMode.Whole,
            "--layout", $"{keeper.Name} cannot be told places; give {LayoutModes.NameOf(LayoutMode.Whole)}.");
    }

    private void Measure(IReadOnlyList<int> chosen, CancellationToken cancellationToken)
    {
        var pictures = string.Create(
            CultureInfo.InvariantCulture, $"pictures-of-{chosen.Count}-{options.Steps?.ToString(CultureInfo.InvariantCulture) ?? "usual"}-steps");
        using var painter = new LearnedPainter(options.Model, keeper, options.Layout, options.Steps, Path.Combine(options.Output, keeper.Name, pictures));
        var bench = new ToyboxBench(bank, options.Seed, source.Look);
        var drawer = new ToyboxOrders(bank, options.Seed, new() { Scenes = source.Look });
        foreach (var count in options.Together)
        {
            ToyboxOrder[] wanted =
            [
                .. drawer.Make(count, options.Orders, chosen).Select(order => order with { IsAnywhere = options.Layout == LayoutMode.Whole }),
            ];
            foreach (var cast in wanted.Select(LearnedRuns.CastOf))
            {
                Join(cast, cancellationToken);
            }

            var costs = keeper.IsModel
                ? Costs(wanted.Select(LearnedRuns.CastOf))
                : Costs(chosen.Select(subject => (int[])[subject]), count);
            Write(bench.Run(wanted, orders => painter.Paint(orders, cancellationToken)), count, costs);
        }
    }

    // What has to be one to be painted together.
    private void Join(IReadOnlyList<int> cast, CancellationToken cancellationToken)
    {
        if (keeper.IsModel)
        {
            keeper.Learn(cast, cancellationToken);
        }
        else
        {
            keeper.Merge(cast, cancellationToken);
        }
    }

    private void Write(ToyboxBenchResult result, int count, (double Seconds, double Bytes) costs)
    {
        var name = options.Layout == LayoutMode.Whole ? $"{keeper.Name} (no places)" : keeper.Name;
        LearnedTable.Add(
            Path.Combine(options.Output, TableName),
            LearnedRow.Of(name, count, result.Painted.Figures, result.Painted.Pictures.Count, costs.Seconds, costs.Bytes));
        var sheet = Path.Combine(options.Output, $"{keeper.Name}-{LayoutModes.NameOf(options.Layout)}-{count}");
        ToyboxBenchReport.WriteCsv($"{sheet}.csv", result, bank);
        PictureWriter.WritePng($"{sheet}.png", ToyboxBenchReport.Sheet(result));
    }

    // The median of the times: one that stood still meanwhile shall not count for the others.
    private (double Seconds, double Bytes) Costs(IEnumerable<IReadOnlyList<int>> learned, int times = 1)
    {
        double[] seconds = [.. learned.Select(keeper.SecondsOf).Order()];
        return (times * seconds[seconds.Length / 2], times * learned.Average(keeper.BytesOf));
    }
}
