using System.CommandLine;
using Dramatis.Benches.Service;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench service</c>.</summary>
internal sealed class BenchService
{
    private static readonly Dictionary<string, Func<ServiceBenchOptions, CancellationToken, Task<IReadOnlyList<Finding>>>> Parts = new()
    {
        ["faults"] = (options, stop) => new FaultBench(options).RunAsync(stop),
        ["capacity"] = (options, stop) => new CapacityBench(options).RunAsync(stop),
        ["overhead"] = (options, stop) => new OverheadBench(options).RunAsync(stop),
        ["soak"] = (options, stop) => new SoakBench(options).RunAsync(stop),
        ["cancel"] = (options, stop) => new CancelBench(options).RunAsync(stop),
    };

    private readonly Option<string[]> parts = new("--part") { Description = "What to try; all when not given.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> rounds = new("--rounds") { Description = "faults: how often a process is killed.", DefaultValueFactory = _ => 100 };
    private readonly Option<int> queue = new("--queue") { Description = "capacity: places of the queue; ten times as many clients want one.", DefaultValueFactory = _ => 20 };
    private readonly Option<int> jobs = new("--jobs") { Description = "overhead: jobs of 1, of 10 and of 100 clients.", DefaultValueFactory = _ => 300 };
    private readonly Option<int> pictures = new("--pictures") { Description = "soak: pictures painted.", DefaultValueFactory = _ => 2000 };
    private readonly Option<int> cancels = new("--cancels") { Description = "cancel: jobs that are cancelled.", DefaultValueFactory = _ => 200 };
    private readonly Option<int> seed = new("--seed") { Description = "Of what is killed and cancelled when.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> rehearse = new("--rehearse") { Description = "Painters paint nothing anywhere: for trying out the bench itself." };

    public Command Create()
    {
        var command = new GroupedCommand(
            "service",
            """
            Tries the service on this machine: processes killed under load, ten times too many clients, what it adds to a picture, memory over many
            pictures, cancelling. Each starts services of its own in temporary folders; 'faults' a PostgreSQL too, where its programs are installed.

            Example: dramatis bench service --part overhead cancel --jobs 100 --cancels 20    # needs a machine that does nothing else
            """);
        command.Add("What is tried", parts, rounds, queue, jobs, pictures, cancels);
        command.Add("Run", seed, rehearse);
        parts.AcceptOnlyFromAmong([.. Parts.Keys]);
        foreach (var number in (Option<int>[])[rounds, queue, jobs, pictures, cancels])
        {
            number.Require(NumberRule.Above(0));
        }

        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new ServiceBenchOptions
        {
            Program = ServiceProgram.Command(),
            Rounds = parsed.GetValue(rounds),
            Queue = parsed.GetValue(queue),
            Jobs = parsed.GetValue(jobs),
            Pictures = parsed.GetValue(pictures),
            Cancels = parsed.GetValue(cancels),
            Seed = parsed.GetValue(seed),
            Rehearse = parsed.GetValue(rehearse),
            Tell = text => Console.Error.WriteLine(text),
        };
        var isFine = true;
        Console.WriteLine("| | | |\n| --- | --- | --- |");
        foreach (var part in parsed.GetValue(parts) is { Length: > 0 } chosen ? chosen : [.. Parts.Keys])
        {
            foreach (var finding in await Parts[part](options, cancellationToken))
            {
                Console.WriteLine($"| {part}: {finding.What} | {finding.Value} | {finding.Holds switch { true => "holds", false => "**does not hold**", null => "" }} |");
                isFine &= finding.Holds is not false;
            }
        }

        return isFine ? 0 : 1;
    }
}
