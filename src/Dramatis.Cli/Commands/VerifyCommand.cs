using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dramatis.Cli.Host;
using Dramatis.Tensors;
using Dramatis.Verification;
using Dramatis.Verification.Checks;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis verify</c>: our numbers against stored ones of the reference implementations.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders to walk for golden cases (fixture.json).",
            Arity = ArgumentArity.OneOrMore,
        };
        var strict = new Option<bool>("--strict") { Description = "A skipped case is a failure." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of text." };
        var device = UsualOptions.Device();
        var command = new Command(
            "verify",
            """
            Compares our results with golden data, layer by layer.

            Example: dramatis verify tests/Golden
            """)
        {
            folders,
            strict,
            json,
            device,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            GoldenRun.UseDevice(Devices.Find(parsed.GetRequiredValue(device), "--device"));
            return Task.FromResult(Run(parsed.GetRequiredValue(folders), parsed.GetValue(strict), parsed.GetValue(json), cancellationToken));
        });
        return command;
    }

    private static int Run(string[] folders, bool strict, bool json, CancellationToken cancellationToken)
    {
        var counts = new int[Enum.GetValues<GoldenOutcome>().Length];
        foreach (var (folder, root) in folders.SelectMany(root => GoldenRun.Find(root).Select(folder => (folder, root))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var report = GoldenRun.Run(folder, root);
            counts[(int)report.Outcome]++;
            Console.WriteLine(json ? JsonLine(report) : TextLine(report));
        }

        var (passed, failed, skipped) = (counts[(int)GoldenOutcome.Passed], counts[(int)GoldenOutcome.Failed], counts[(int)GoldenOutcome.Skipped]);
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new { passed, failed, skipped })
            : $"{passed} passed, {failed} failed, {skipped} skipped");
        return failed > 0 || (strict && skipped > 0) ? ExitCode.Failed : 0;
    }

    private static string TextLine(GoldenReport report)
    {
        var outcome = report.Outcome switch
        {
            GoldenOutcome.Passed => "pass   ",
            GoldenOutcome.Failed => "FAIL   ",
            GoldenOutcome.Skipped => "skipped",
            _ => throw new UnreachableException(),
        };
        return $"{outcome}  {report.Name,-44} {report.Component,-24} {Details(report)}".TrimEnd();
    }

    private static string Details(GoldenReport report)
    {
        if (report.Reason is { } reason)
        {
            return reason.ReplaceLineEndings(" ");
        }

        var text = report.Result?.Worst is not { } worst ? "no output was compared" : Describe(worst);
        return report.Outcome == GoldenOutcome.Failed && report.Result?.FirstWrong is { } first
            ? $"{text}; first to differ: {Describe(first)}"
            : text;
    }

    private static string Describe(GoldenDifference difference)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{difference.Name}: {difference.Largest:0.##e+0} of {difference.Tolerance:0.##e+0}");
        return difference.Detail is null ? text : $"{text} ({difference.Detail})";
    }

    private static string JsonLine(GoldenReport report) => JsonSerializer.Serialize(new
    {
        name = report.Name,
        component = report.Component,
        outcome = report.Outcome.ToString().ToLowerInvariant(),
        worst = Facts(report.Result?.Worst),
        first_to_differ = Facts(report.Result?.FirstWrong),
        reason = report.Reason,
    });

    // JSON has no infinity: a difference without bound is null.
    private static object? Facts(GoldenDifference? difference) => difference is null ? null : new
    {
        output = difference.Name,
        difference = double.IsFinite(difference.Largest) ? difference.Largest : (double?)null,
        tolerance = difference.Tolerance,
        detail = difference.Detail,
    };
}
