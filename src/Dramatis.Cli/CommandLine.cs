using System.CommandLine;
using System.CommandLine.Help;
using Dramatis.Benches.Toybox;
using Dramatis.Cli.Commands;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Tensors;

namespace Dramatis.Cli;

/// <summary>The commands of <c>dramatis</c>, and how their errors become exit codes.</summary>
internal static class CommandLine
{
    // Those with much to make are told whether they are called, or only listed.
    private static readonly (string Name, Func<bool, Command> Create)[] Commands =
    [
        ("paint", PaintCommand.Create),
        ("bench", isCalled => BenchCommand.Create(BenchPainter.Open, isCalled)),
        ("toybox", _ => ToyboxCommand.Create()),
        ("prepare", _ => new PrepareCommand().Create()),
        ("train", TrainCommand.Create),
        ("merge", _ => MergeCommand.Create()),
        ("models", _ => ModelsCommand.Create()),
        ("inspect", _ => InspectCommand.Create()),
        ("convert", _ => ConvertCommand.Create()),
        ("verify", _ => VerifyCommand.Create()),
        ("serve", ServeCommand.Create),
        ("keys", _ => KeysCommand.Create()),
    ];

    // No response files: prompts may begin with an at sign.
    private static readonly ParserConfiguration AsWritten = new() { ResponseFileTokenReplacer = null };

    // Commands that do nothing by themselves.
    private static readonly string[] Groups = ["bench", "merge", "toybox", "train"];

    /// <summary>Makes what a call needs, which is quicker than all: the command called, or a list of them for help.</summary>
    /// <param name="first">The first word of the call; null makes all.</param>
    public static Command Create(string? first = null)
    {
        // A plain command, not a RootCommand, whose name would be the executable's.
        var root = new Command(
            "dramatis",
            """
            Puts your own cast of subjects into any picture.

            Example: dramatis paint "a {dog} on a beach" -s dog=samples/subjects/dog.png -o out.png
            """)
        {
            new HelpOption { Action = new HelpPage() },
            new VersionOption(),
        };
        var isOne = Array.Exists(Commands, command => command.Name == first);
        foreach (var (_, create) in Commands.Where(command => !isOne || command.Name == first))
        {
            root.Add(create(isOne || first is null));
        }

        return root;
    }

    /// <summary>Runs one command: 0 done, 1 error, 2 wrong usage, 130 cancelled.</summary>
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken = default)
    {
        args = Asked(args);
        return RunAsync(() => Create(args.FirstOrDefault() ?? ""), args, cancellationToken);
    }

    /// <summary>Runs one of the commands that are made.</summary>
    internal static async Task<int> RunAsync(Func<Command> create, string[] args, CancellationToken cancellationToken)
    {
        try
        {
            var parsed = create().Parse(args, AsWritten);
            if (UsageError.Of(parsed) is { } mistake)
            {
                await Console.Error.WriteLineAsync(TerminalText.Error(mistake));
                return ExitCode.WrongUsage;
            }

            using var signals = new StopSignals(cancellationToken);
            Libtorch.Load();
            return await parsed.InvokeAsync(
                new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                signals.Token);
        }
        catch (Exception e)
        {
            return Failure.Of(e).Tell();
        }
    }

    // Those who ask for nothing, or for help by name, are shown what there is.
    private static string[] Asked(string[] args) => args switch
    {
        [] => ["--help"],
        ["help", .. var about] => [.. about, "--help"],
        [var group] when Groups.Contains(group) => [group, "--help"],
        _ => args,
    };
}
