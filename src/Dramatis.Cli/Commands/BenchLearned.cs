using System.CommandLine;
using Dramatis.Benches.Toybox;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench learned</c>.</summary>
internal sealed class BenchLearned
{
    private const string All = "all";

    // Those that learn nothing of a subject.
    private static readonly Method[] Readers = [.. MethodCatalog.All.Where(item => item.Needs == SubjectNeeds.References)];

    private readonly Argument<string> method = new("METHOD")
    {
        Description = $"One of {string.Join(", ", LearnedMethods.All.Select(item => item.Name))}, which learn; of "
            + $"{string.Join(", ", Readers.Select(item => item.Name))}, which read a picture; or {All}, each with its own settings, those that the model has.",
    };
    private readonly Argument<string[]> training = new("TRAINING")
    {
        Description = "Options of 'dramatis train METHOD', after --.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> model = new("--model") { Description = "Model folder.", DefaultValueFactory = _ => ShippedFolder.Find("models", "toybox") };
    private readonly Option<string> data = UsualOptions.Bank();
    private readonly Option<int> subjects = new("--subjects") { Description = "How many are learned.", DefaultValueFactory = _ => 20 };
    private readonly Option<bool> masks = new("--masks")
    {
        Description = "Learn from pictures with a mask beside each, so that their grounds do not count, as methods that read see none.",
    };

    private readonly Option<int[]> together = new("--together")
    {
        Description = $"Subjects in a picture, 1 to {LearnedBench.MostTogether}; several numbers are measured one after another.",
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

    private readonly Option<ulong> seed = UsualOptions.Seed("Of subjects, orders and judge.");
    private readonly Option<string> output = new("--output", "-o")
    {
        Description = "Folder; what is there is not learned or painted again. Methods share it.",
        Required = true,
    };

    public Command Create()
    {
        var command = new GroupedCommand(
            "learned",
            """
            Has a method learn subjects that no training has seen, from four pictures each, or read one picture of each; paints them together, and
            judges the pictures without any learned feature. The table says how long each method takes until it can paint a new subject. Learning
            takes hours; stopped, it goes on when the same command is given again.

            Examples:
              dramatis bench learned cones2 -o runs/learned -- --steps 800 --rate 1e-3
              dramatis bench learned ms-diffusion -o runs/learned
            """)
        {
            method, training,
        };
        command.Add("Subjects", data, subjects, masks, together);
        command.Add("How they are painted", model, orders, steps, layout, seed);
        command.Add("Run", output);
        layout.AcceptOnlyFromAmong(LayoutModes.NameOf(LayoutMode.Boxes), LayoutModes.NameOf(LayoutMode.Whole));
        subjects.Require(NumberRule.Above(0));
        orders.Require(NumberRule.Above(0));
        together.Require<int>(
            count => count is >= 1 and <= LearnedBench.MostTogether, $"takes numbers from 1 to {LearnedBench.MostTogether}");
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var bank = SubjectBank.Load(parsed.GetRequiredValue(data));
        IReadOnlyList<LearnedRow> rows = [];
        foreach (var name in Wanted(parsed))
        {
            using var keeper = Keeper(parsed, name, bank);
            var options = Options(parsed);
            var bench = new LearnedBench(
                keeper,
                bank,
                keeper.IsModel && parsed.GetValue(method) == All ? options with { Layout = LayoutMode.Whole } : options,
                (number, count, subject) => Console.Error.WriteLine($"{name}: subject {number} of {count}, {subject}"));
            rows = bench.Run(cancellationToken);
        }

        Console.WriteLine(LearnedTable.Text(rows));
    }

    private IReadOnlyList<string> Wanted(ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(method);
        string[] known = [.. LearnedMethods.All.Select(item => item.Name), .. Readers.Select(item => item.Name)];
        var given = parsed.GetValue(training) ?? [];
        InvalidRequestException.ThrowUnless(
            name == All || known.Contains(name),
            "METHOD", $"\"{name}\" is none;{Spelling.DidYouMean(name, known)} there is {string.Join(", ", known)}, {All}.");
        InvalidRequestException.ThrowUnless(
            given.Length == 0 || Learns(name),
            "--", $"{name} takes no options of a training; leave \"{string.Join(' ', given)}\" out.");
        InvalidRequestException.ThrowUnless(
            name == All || Learns(name) || !parsed.GetValue(masks), "--masks", $"{name} learns from no pictures, and is shown a subject without its ground; leave it out.");
        if (name != All)
        {
            return [name];
        }

        var adapters = ModelFolder.Open(parsed.GetRequiredValue(model)).Adapters;
        return [.. known.Where(item => Learns(item) || adapters.Contains(item))];
    }

    private static bool Learns(string name) => LearnedMethods.All.Any(item => item.Name == name);

    private LearnedBenchOptions Options(ParseResult parsed) => new()
    {
        Model = parsed.GetRequiredValue(model),
        Subjects = parsed.GetValue(subjects),
        Together = parsed.GetRequiredValue(together),
        Orders = parsed.GetValue(orders),
        Steps = parsed.GetValue(steps),
        Layout = LayoutModes.Parse(parsed.GetRequiredValue(layout), "--layout"),
        Seed = parsed.GetValue(seed),
        Output = parsed.GetRequiredValue(output),
    };

    private ISubjectKeeper Keeper(ParseResult parsed, string name, SubjectBank bank)
    {
        var folder = parsed.GetRequiredValue(model);
        if (Array.Find(Readers, item => item.Name == name) is { } reader)
        {
            return new ReferenceKeeper(reader, folder, bank);
        }

        var learned = LearnedMethods.Find(name);
        var options = new LearnOptions(learned);
        var given = Parse(options, learned, parsed.GetValue(training) ?? []);
        return new LearnedRuns(
            Path.Combine(parsed.GetRequiredValue(output), name),
            new()
            {
                Method = learned,
                Request = (cast, own) => options.Request(given, cast, folder, own),
                RequestText = string.Join(' ', ["--model", folder, .. parsed.GetValue(training) ?? []]),
                Model = folder,
                HasMasks = parsed.GetValue(masks),
                Progress = new TrainReport(options.Json(given)),
            },
            bank,
            parsed.GetValue(seed));
    }

    private static ParseResult Parse(LearnOptions options, LearnedMethod learned, string[] training)
    {
        var command = new GroupedCommand(learned.Name, learned.Summary);
        options.AddTo(command, [], []);
        var given = command.Parse(training);
        return UsageError.ProblemOf(given) is not { } problem
            ? given
            : throw new InvalidRequestException("--", $"{problem} See 'dramatis train {learned.Name} --help'.");
    }
}
