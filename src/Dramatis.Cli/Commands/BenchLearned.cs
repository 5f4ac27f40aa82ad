using System.CommandLine;
using System.Globalization;
using Dramatis.Benches.Toybox;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench learned</c>.</summary>
internal sealed class BenchLearned
{
    private const string TableName = "learned";
    private const int MostTogether = 6;

    private readonly Argument<string> method = new("METHOD") { Description = $"One of {string.Join(", ", LearnedMethod.All.Select(item => item.Name))}." };
    private readonly Argument<string[]> training = new("TRAINING") { Description = "Options of 'dramatis train METHOD', after --.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> model = new("--model") { Description = "Model folder.", DefaultValueFactory = _ => ShippedFolder.Find("models", "toybox") };
    private readonly Option<string> data = new("--data") { Description = "Subject bank.", DefaultValueFactory = _ => ShippedFolder.Find("bench", "toybox") };
    private readonly Option<int> subjects = new("--subjects") { Description = "How many are learned.", DefaultValueFactory = _ => 20 };
    private readonly Option<int[]> together = new("--together")
    {
        Description = $"Subjects in a picture, 1 to {MostTogether}; several numbers are measured one after another.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 2, 3, 4],
    };

    private readonly Option<int> orders = new("--orders") { Description = "Pictures for each number of subjects.", DefaultValueFactory = _ => 32 };
    private readonly Option<int?> steps = new("--steps") { Description = "Sampling steps; the model's own when not given." };
    private readonly Option<string> layout = new("--layout")
    {
        Description = "boxes: subjects are steered to places; whole: no method is told of places, and subjects are looked for all over the picture.",
        DefaultValueFactory = _ => LayoutModes.NameOf(LayoutMode.Boxes),
    };

    private readonly Option<ulong> seed = new("--seed") { Description = "Of subjects, orders and judge.", DefaultValueFactory = _ => 1 };
    private readonly Option<string> output = new("--output", "-o") { Description = "Folder; what is there is not learned or painted again. Methods share it.", Required = true };

    public Command Create()
    {
        var command = new Command(
            "learned",
            """
            Has a method learn subjects that no training has seen, from four pictures each, paints them together, and judges the pictures without
            any learned feature. Takes hours; stopped, it goes on when the same command is given again.

            Example: dramatis bench learned cones2 -o runs/learned -- --steps 800 --rate 1e-3
            """)
        {
            method, training, model, data, subjects, together, orders, steps, layout, seed, output,
        };
        layout.AcceptOnlyFromAmong(LayoutModes.NameOf(LayoutMode.Boxes), LayoutModes.NameOf(LayoutMode.Whole));
        subjects.Require<int>(count => count > 0, "takes a number above 0");
        orders.Require<int>(count => count > 0, "takes a number above 0");
        together.Require<int>(count => count is >= 1 and <= MostTogether, $"takes numbers from 1 to {MostTogether}");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var learned = LearnedMethod.Find(parsed.GetRequiredValue(method));
        var bank = SubjectBank.Load(parsed.GetRequiredValue(data));
        var source = new LearnedSubjects(bank, parsed.GetValue(seed));
        var chosen = source.Choose(parsed.GetValue(subjects));
        var counts = parsed.GetRequiredValue(together);
        if (counts.Max() > chosen.Count)
        {
            throw new InvalidRequestException("--together", $"{counts.Max()} are more than the {chosen.Count} subjects that are learned.");
        }

        learned.Check(LayoutModes.Parse(parsed.GetRequiredValue(layout), "--layout"));
        var folder = parsed.GetRequiredValue(output);
        var runs = new LearnedRuns(Path.Combine(folder, learned.Name), learned, bank, source);
        string[] options = ["--model", parsed.GetRequiredValue(model), .. parsed.GetValue(training) ?? []];
        runs.Begin(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', options)} (seed {parsed.GetValue(seed)})"));
        if (!learned.IsModel || counts.Contains(1))
        {
            foreach (var (i, subject) in chosen.Index())
            {
                Console.Error.WriteLine($"{learned.Name}: subject {i + 1} of {chosen.Count}, {bank.Subjects[subject].Name}");
                await runs.LearnAsync([subject], RunAsync, options, cancellationToken);
            }
        }

        await MeasureAsync(parsed, learned, runs, options, bank, chosen, cancellationToken);
        Console.WriteLine(LearnedTable.Text(LearnedTable.Read(Path.Combine(folder, $"{TableName}.json"))));
        return 0;
    }

    private async Task MeasureAsync(
        ParseResult parsed, LearnedMethod learned, LearnedRuns runs, string[] options, SubjectBank bank, IReadOnlyList<int> chosen, CancellationToken cancellationToken)
    {
        var (folder, mode) = (parsed.GetRequiredValue(output), LayoutModes.Parse(parsed.GetRequiredValue(layout), "--layout"));
        using var painters = new LatestPainter();
        var pictures = string.Create(CultureInfo.InvariantCulture, $"pictures-of-{chosen.Count}-{parsed.GetValue(steps)?.ToString(CultureInfo.InvariantCulture) ?? "usual"}-steps");
        var paint = new LearnedPainter(
            painters.Open, parsed.GetRequiredValue(model), learned, runs, mode, parsed.GetValue(steps), Path.Combine(folder, learned.Name, pictures), cancellationToken);
        var bench = new ToyboxBench(bank, parsed.GetValue(seed));
        var drawer = new ToyboxOrders(bank, parsed.GetValue(seed));
        var name = mode == LayoutMode.Whole ? $"{learned.Name} (no places)" : learned.Name;
        foreach (var count in parsed.GetRequiredValue(together))
        {
            ToyboxOrder[] wanted = [.. drawer.Make(count, parsed.GetValue(orders), chosen).Select(order => order with { IsAnywhere = mode == LayoutMode.Whole })];
            foreach (var cast in wanted.Select(LearnedRuns.CastOf))
            {
                if (learned.IsModel)
                {
                    await runs.LearnAsync(cast, RunAsync, options, cancellationToken);
                }
                else
                {
                    await runs.MergeAsync(cast, RunAsync, parsed.GetRequiredValue(model), cancellationToken);
                }
            }

            var (seconds, bytes) = learned.IsModel
                ? Costs(runs, wanted.Select(LearnedRuns.CastOf))
                : Costs(runs, chosen.Select(subject => (int[])[subject]), count);
            var result = bench.Run(wanted, paint.Paint);
            LearnedTable.Add(
                Path.Combine(folder, $"{TableName}.json"),
                LearnedRow.Of(name, count, result.Painted.Figures, result.Painted.Pictures.Count, seconds, bytes));
            var sheet = Path.Combine(folder, $"{learned.Name}-{LayoutModes.NameOf(mode)}-{count}");
            ToyboxBenchReport.WriteCsv($"{sheet}.csv", result, bank);
            PictureWriter.WritePng($"{sheet}.png", ToyboxBenchReport.Sheet(result));
        }
    }

    // The median of the times: one that stood still meanwhile shall not count for the others.
    private static (double Seconds, double Bytes) Costs(LearnedRuns runs, IEnumerable<IReadOnlyList<int>> learned, int times = 1)
    {
        double[] seconds = [.. learned.Select(runs.SecondsOf).Order()];
        return (times * seconds[seconds.Length / 2], times * learned.Average(runs.BytesOf));
    }

    private static async Task RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var parsed = CommandLine.Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            throw new InvalidRequestException("--", $"{parsed.Errors[0].Message} See 'dramatis {args[0]} {args[1]} --help'.");
        }

        await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellationToken);
    }

    // Models that are methods' own come one after another.
    private sealed class LatestPainter : IDisposable
    {
        private (string Folder, Painter Painter)? latest;

        public Painter Open(string folder)
        {
            if (latest?.Folder != folder)
            {
                Dispose();
                latest = (folder, new(BaseModel.Load(folder)));
            }

            return latest!.Value.Painter;
        }

        public void Dispose() => latest?.Painter.Dispose();
    }
}
