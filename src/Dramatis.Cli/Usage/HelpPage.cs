using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text.RegularExpressions;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Usage;

/// <summary>What <c>--help</c> shows of a command: options in groups, each with what it is when not given.</summary>
internal sealed partial class HelpPage : SynchronousCommandLineAction
{
    private const int UsualWidth = 120;
    private const int NarrowestText = 40;
    private const int WidestNames = 36;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        using var page = new StringWriter();
        Write(parseResult.CommandResult.Command, page);
        parseResult.InvocationConfiguration.Output.Write(ProgramName.In(page.ToString()));
        return 0;
    }

    private static void Write(Command command, TextWriter output)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {Usage(command)}");
        Section(output, "Arguments", command.Arguments.Where(argument => !argument.Hidden).Select(argument => (Label(argument), argument.Description ?? "")));
        var groups = (command as GroupedCommand)?.Groups ?? [];
        foreach (var (title, options) in groups)
        {
            Section(output, title, options.Select(Row));
        }

        var others = command.Options.Concat(Above(command)).Where(option => !option.Hidden && !groups.Any(group => group.Options.Contains(option)));
        Section(output, groups.Count > 0 ? "Help" : "Options", others.OrderBy(option => option is HelpOption or VersionOption).Select(Row));
        Section(output, "Commands", command.Subcommands.Select(child => (child.Name, Summary(child))));
        if (command.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"'{Path(command)} COMMAND --help' says more of each.");
        }
    }

    // Options of the commands above that hold here too.
    private static IEnumerable<Option> Above(Command command) => command.Parents.OfType<Command>()
        .SelectMany(parent => parent.Options.Where(option => option.Recursive).Concat(Above(parent)));

    // The first sentence, to its colon.
    private static string Summary(Command command)
    {
        var text = (command.Description ?? "").ReplaceLineEndings("\n").Split("\n\n")[0].Replace('\n', ' ');
        return FirstStop().Split(text)[0];
    }

    /// <summary>The words that call a command.</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : command.Name;

    private static string Usage(Command command)
    {
        string[] parts =
        [
            Path(command),
            .. command.Subcommands.Count > 0 ? ["COMMAND"] : Array.Empty<string>(),
            .. command.Arguments.Where(argument => !argument.Hidden).Select(Label),
            .. command.Options.Where(option => option.Required).Select(option => $"{option.Name} {ValueOf(option)}"),
            "[options]",
        ];
        return string.Join(' ', parts);
    }

    private static string Label(Argument argument) => argument.Arity.MinimumNumberOfValues == 0
        ? $"[{argument.Name}]"
        : argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name} ..." : argument.Name;

    private static (string Names, string Text) Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-') && !alias.StartsWith("--", StringComparison.Ordinal) && alias != "-?")
            .Append(option.Name));
        var text = option is HelpOption ? "Shows this." : option is VersionOption ? "Says the version." : option.Description ?? "";
        var said = option.Required ? " [required]" : Default(option) is { Length: > 0 } usual ? $" [default: {usual}]" : "";
        return ($"{names} {ValueOf(option)}".TrimEnd(), text + said);
    }

    // Flags take none; the others one, called by the flag's last word.
    private static string ValueOf(Option option) =>
        option is HelpOption or VersionOption || Nullable.GetUnderlyingType(option.ValueType) == typeof(bool) || option.ValueType == typeof(bool) ? ""
        : (option.HelpName ?? option.Name[(option.Name.LastIndexOf('-') + 1)..].ToUpperInvariant())
            + (option.AllowMultipleArgumentsPerToken ? " ..." : "");

    private static string? Default(Option option) => !option.HasDefaultValue || option.ValueType == typeof(bool) ? null : option.GetDefaultValue() switch
    {
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        System.Collections.IEnumerable items => string.Join(' ', items.Cast<object>().Select(item => Convert.ToString(item, CultureInfo.InvariantCulture))),
        _ => null,
    };

    private static void Section(TextWriter output, string title, IEnumerable<(string Names, string Text)> rows)
    {
        (string Names, string Text)[] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{title}:");
        var left = Math.Min(WidestNames, all.Max(row => row.Names.Length)) + 4;
        var width = Math.Max(NarrowestText, (Console.IsOutputRedirected ? UsualWidth : Console.WindowWidth) - left);
        foreach (var (names, text) in all)
        {
            var lines = Wrap(text, width).ToList();
            if (names.Length + 4 > left)
            {
                output.WriteLine($"  {names}");
                lines.Insert(0, "");
            }
            else
            {
                output.WriteLine($"  {names}".PadRight(left) + lines.FirstOrDefault());
            }

            foreach (var line in lines.Skip(1))
            {
                output.WriteLine(new string(' ', left) + line);
            }
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    [GeneratedRegex(@"[.:;]( |$)")]
    private static partial Regex FirstStop();
}
