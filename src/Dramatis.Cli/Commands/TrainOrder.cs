using System.CommandLine;
using System.CommandLine.Parsing;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Training.Learned;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train ORDER.json</c>: a learning as a file has it.</summary>
internal sealed class TrainOrder
{
    private const string Ending = ".json";

    // The help of each command below would show it too.
    private readonly Argument<string?> order = new("ORDER.json")
    {
        Description = "An order file of a learning, whatever its method (ends in .json).",
        Arity = ArgumentArity.ZeroOrOne,
        Hidden = true,
    };

    private readonly Option<string?> output = new("--output", "-o") { Description = "With an order file: the folder of the run, instead of the one it names." };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "With an order file: say what it would take, and stop." };
    private readonly Option<bool> json = new("--json") { Description = "With an order file: one JSON object an event on standard output." };

    /// <summary>To a command that has all others for what is no order file.</summary>
    public void AddTo(Command command)
    {
        command.Add(order);
        command.Add(output);
        command.Add(dryRun);
        command.Add(json);
        command.Validators.Add(Check);
        foreach (var other in command.Subcommands)
        {
            other.Validators.Add(RefuseBefore);
        }

        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var asked = LearnRequestJson.Load(parsed.GetValue(order)!);
        var request = asked with { Model = Models.Open().Locate(asked.Model), Output = parsed.GetValue(output) ?? asked.Output };
        TrainLearned.Run(request, parsed.GetValue(dryRun), parsed.GetValue(json), cancellationToken);
    }

    // What stands before the name of a training says nothing to it.
    private static void RefuseBefore(CommandResult result)
    {
        var before = ((CommandResult)result.Parent!).Children.Where(child => child is not CommandResult).SelectMany(child => child switch
        {
            OptionResult { Implicit: false, IdentifierToken: { } name } => [name.Value],
            ArgumentResult argument => argument.Tokens.Select(token => token.Value),
            _ => [],
        });
        if (before.FirstOrDefault() is { } first)
        {
            result.AddError($"'{first}' stands before '{result.Command.Name}'; give flags after it, or an order file instead of it.");
        }
    }

    private void Check(CommandResult result)
    {
        switch (result.GetValue(order))
        {
            case null:
                result.AddError("Say what to train, or give an order file.");
                break;
            case var other when !other.EndsWith(Ending, StringComparison.OrdinalIgnoreCase):
                string[] known = [.. result.Command.Subcommands.Select(command => command.Name)];
                result.AddError($"'{other}' is nothing to train;{Spelling.DidYouMean(other, known)} say {string.Join(", ", known)}, or give an order file "
                    + $"(ends in {Ending}).");
                break;
        }
    }
}
