using System.CommandLine;
using Dramatis.Benches.Toybox;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Files;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Server.Painting;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench toybox</c>.</summary>
internal sealed class BenchToybox(OpenPainter open)
{
    private const string Plain = "plain";
    private const string Photo = "photo";
    private const string Common = "common";
    private const int PhotographSide = 256;
    private const int MostReferences = 8;

    private readonly Option<string> model = new("--model")
    {
        Description = "A name of 'dramatis models', or a model folder.",
        DefaultValueFactory = _ => ModelCatalog.Embedded,
    };
    private readonly Option<string> data = UsualOptions.Bank();
    private readonly Option<int[]> subjects = new("--subjects")
    {
        Description = "Subjects in a picture, 1 to 6; several numbers are measured one after another.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [2],
    };

    private readonly Option<int> orders = new("--orders") { Description = "Orders for each number of subjects.", DefaultValueFactory = _ => 64 };
    private readonly Option<int?> named = new("--named") { Description = "Orders by name only; as many as --orders when not given." };
    private readonly Option<ulong> seed = UsualOptions.Seed("Of orders and judge.");
    private readonly Option<string?> words = new("--words")
    {
        Description = "Gives no references: subjects of known names stand at places by their words alone; common names, or all.",
    };
    private readonly Option<int> references = new("--references")
    {
        Description = $"Pictures of each subject, 1 to {MostReferences}.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<double> loose = new("--loose") { Description = "Share of places that are looser than the subject, 0 to 1." };
    private readonly Option<string?> method = new("--method")
    {
        Description = $"How subjects are kept: {string.Join(", ", MethodCatalog.All.Select(item => item.Name))}, or {BenchPainting.NoMethod}; the model's "
            + "own when not given.",
    };

    private readonly Option<string> layout = new("--layout")
    {
        Description = $"How subjects find their cells: {string.Join(", ", LayoutModes.All)}. With whole no method is told of places, and ip-adapter has no "
            + "regions.",
        DefaultValueFactory = _ => LayoutModes.NameOf(LayoutMode.Boxes),
    };

    private readonly Option<double> binding = new("--binding")
    {
        Description = "How strongly words are held inside the places of their subjects; 0 is not at all.",
    };
    private readonly Option<double> strength = new("--strength")
    {
        Description = "Of every subject's references; 0 is the model without them.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<double?> start = new("--start")
    {
        Description = "The fraction of the steps before subjects act, 0 to 1; the method's own when not given.",
    };

    private readonly Option<string> ground = new("--ground")
    {
        Description = "What references stand on: plain, or photo, photographs of --photos, from which paint would cut them out.",
        DefaultValueFactory = _ => Plain,
    };

    private readonly Option<string?> photos = new("--photos") { Description = "Folder of photographs of at least 240 pixels a side, for --ground photo." };
    private readonly Option<string> cutOut = new("--cut-out")
    {
        Description = "What becomes of photographs: auto cuts the subject out, crop crops them to it, none keeps the ground.",
        DefaultValueFactory = _ => CutOutModes.NameOf(CutOutMode.Auto),
    };

    private readonly Option<string?> output = new("--output", "-o") { Description = "Folder for CSV, page and sheet." };
    private readonly Option<bool> json = new("--json") { Description = "One JSON object for each number of subjects on standard output." };

    public Command Create()
    {
        var command = new GroupedCommand(
            "toybox",
            """
            Paints orders of subjects that no training has seen, and judges the pictures without any learned feature.

            Example: dramatis bench toybox --subjects 2 --orders 64 -o bench-out
            """);
        command.Add("Orders", data, subjects, orders, named, words, references, loose, seed);
        command.Add("How it is painted", model, method, layout, binding, strength, start);
        command.Add("Photographs", ground, photos, cutOut);
        command.Add("Run", output, json);
        ground.AcceptOnlyFromAmong(Plain, Photo);
        cutOut.AcceptOnlyFromAmong([.. CutOutModes.All]);
        words.AcceptOnlyFromAmong(Common, "all");
        command.Validators.Add(result =>
        {
            if (result.GetValue(ground) == Photo != result.GetValue(photos) is not null)
            {
                result.AddError("--ground photo and --photos FOLDER go together; give both or neither.");
            }

            if (result.GetValue(ground) == Photo && result.GetValue(words) is not null)
            {
                result.AddError("--words gives no references, and --ground is what they stand on; leave out one of the two.");
            }

            if (result.GetResult(cutOut) is { Implicit: false } && result.GetValue(photos) is null)
            {
                result.AddError("--cut-out says what becomes of photographs; give --ground photo and --photos FOLDER, or leave it out.");
            }

            if (result.GetValue(references) > 1 && result.GetValue(words) is not null)
            {
                result.AddError("--words gives no references; leave out --references or --words.");
            }
        });
        subjects.Require<int>(count => count is >= 1 and <= 6, "takes numbers from 1 to 6");
        orders.Require(NumberRule.Above(0));
        named.Require<int>(count => count >= 0, "takes a number that is not negative");
        references.Require<int>(count => count is >= 1 and <= MostReferences, $"takes a number from 1 to {MostReferences}");
        loose.Require<double>(share => share is >= 0 and <= 1, "takes a share from 0 to 1");
        binding.Require<double>(strength => strength is >= 0 and <= LayoutOptions.LargestBinding, $"takes a number from 0 to {LayoutOptions.LargestBinding}");
        strength.Require<double>(factor => factor is >= 0 and <= RequestRules.LargestStrength, $"takes a number from 0 to {RequestRules.LargestStrength}");
        start.Require<double>(fraction => fraction is >= 0 and <= 1, "takes a fraction from 0 to 1");
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var catalog = Models.Open();
        using var cutter = new Cutter(catalog);
        var folder = ModelFolder.Open(catalog.Locate(parsed.GetValue(model)));
        var bank = SubjectBank.Load(parsed.GetRequiredValue(data));
        var painting = Painting(parsed) with
        {
            CutOut = parsed.GetValue(photos) is null ? null : cutter,
            CutOutMode = CutOutModes.Of(parsed.GetRequiredValue(cutOut)),
        };
        var paint = open(folder, painting, cancellationToken);
        using var vae = folder.LoadVae();
        var look = SceneOptions.ForModel(folder.Path);
        var bench = new ToyboxBench(bank, parsed.GetValue(seed), look);
        var options = new ToyboxOrderOptions
        {
            Scenes = look,
            ReferenceSide = look.ReferenceSide,
            References = parsed.GetValue(references),
            LoosePlaces = parsed.GetValue(loose),
            Split = parsed.GetValue(words) is null ? SubjectSplit.HeldOut : SubjectSplit.Seen,
            OnlyCommon = parsed.GetValue(words) is Common,
        };
        var drawer = new ToyboxOrders(bank, parsed.GetValue(seed), parsed.GetValue(photos) is { } photographs
            ? options with { Photographs = PhotographGrounds.Load(photographs), ReferenceSide = PhotographSide }
            : options);
        var names = drawer.MakeByName(parsed.GetValue(named) ?? parsed.GetValue(orders));
        var rows = new List<(int Subjects, ToyboxBenchResult Result)>();
        foreach (var count in parsed.GetRequiredValue(subjects))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = bench.Run([.. drawer.Make(count, parsed.GetValue(orders)), .. names], paint, new VaeRebuilder(vae).Rebuild);
            names = [];    // they do not depend on the number of subjects: once is enough
            Report(parsed, count, result, bank);
            rows.Add((count, result));
        }

        if (!parsed.GetValue(json))
        {
            Console.WriteLine(ToyboxBenchReport.Table(rows));
        }
    }

    private BenchPainting Painting(ParseResult parsed)
    {
        if (parsed.GetValue(method) is { } name and not BenchPainting.NoMethod)
        {
            MethodCatalog.Find(name, "--method");
        }

        return new(
            parsed.GetValue(method),
            new() { Mode = LayoutModes.Parse(parsed.GetRequiredValue(layout), "--layout"), Binding = parsed.GetValue(binding) },
            parsed.GetValue(strength))
        {
            ByWords = parsed.GetValue(words) is not null,
            Start = parsed.GetValue(start),
        };
    }

    private void Report(ParseResult parsed, int count, ToyboxBenchResult result, SubjectBank bank)
    {
        Console.WriteLine(parsed.GetValue(json)
            ? ToyboxBenchReport.Json(result)
            : $"{count} {(count == 1 ? "subject" : "subjects")}\n{ToyboxBenchReport.Text(result)}");
        if (parsed.GetValue(output) is { } folder)
        {
            OutputFolder.Create(folder);
            var path = Path.Combine(folder, $"toybox-{count}");
            ToyboxBenchReport.WriteCsv($"{path}.csv", result, bank);
            ToyboxBenchReport.WriteHtml($"{path}.html", result, bank);
            PictureWriter.WritePng($"{path}.png", ToyboxBenchReport.Sheet(result));
        }
    }
}
