using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Dramatis.Errors;

namespace Dramatis.Cli.Usage;

/// <summary>What is wrong with a call, in the words of who made it, and what may be meant.</summary>
internal static partial class UsageError
{
    /// <summary>One line for the first mistake, with a way to the help; null where there is none.</summary>
    public static string? Of(ParseResult parsed) =>
        ProblemOf(parsed) is { } problem ? $"{problem} See '{HelpPage.Path(parsed.CommandResult.Command)} --help'." : null;

    /// <summary>The first mistake alone.</summary>
    public static string? ProblemOf(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = FlagsAsArguments(parsed).Concat(parsed.UnmatchedTokens).FirstOrDefault();
        return unknown is not null ? Unknown(unknown, command, parsed)
            : parsed.Errors is [var error, ..] ? InUsersWords(error.Message, command)
            : NumbersWithComma(parsed).FirstOrDefault();
    }

    // What looks like a flag and is none is taken for an argument by the parser; after -- it is one.
    private static IEnumerable<string> FlagsAsArguments(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash) ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Where(text => text.Length > 1 && text[0] == '-' && !text.Contains(' ', StringComparison.Ordinal));

    // The parser takes a comma for one between thousands.
    private static IEnumerable<string> NumbersWithComma(ParseResult parsed) => parsed.CommandResult.Children.OfType<OptionResult>()
        .Where(result => result.Option.ValueType == typeof(double) || result.Option.ValueType == typeof(double?) || result.Option.ValueType == typeof(double[]))
        .SelectMany(result => result.Tokens.Where(token => token.Value.Contains(',', StringComparison.Ordinal))
            .Select(token => WrongNumber(result.Option.Name, token.Value, nameof(Double))));

    private static string Unknown(string word, Command command, ParseResult parsed)
    {
        if (word.Length > 1 && word[0] == '-')
        {
            if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            {
                return $"'{word}' stands behind --, where all is words; put flags before it.";
            }

            word = word.Split('=')[0];
            string[] flags = [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith('-'))];
            var meant = OtherWords.Find(word, flags) ?? Spelling.Guess(word, flags.Where(flag => flag.StartsWith("--", StringComparison.Ordinal)));
            return word is "--prompt" or "-p" && command.Name == "paint"
                ? $"there is no {word}: the prompt stands by itself, dramatis paint \"a cat on a beach\"."
                : $"there is no {word}{(meant is null ? "." : $"; did you mean {meant}?")}";
        }

        if (command.Subcommands.Count > 0 && (command.Name == "models" || !command.Parents.Any()) && OtherWords.AsksForDownload(word))
        {
            return $"'{word}' is no command: nothing is downloaded here. docs/own-models.md says which files to get; 'dramatis models add' names them.";
        }

        string[] commands = [.. command.Subcommands.Select(child => child.Name), .. command.Options.Select(option => option.Name)];
        return command.Subcommands.Count > 0
            ? (OtherWords.Find(word, commands) ?? Spelling.Guess(word, command.Subcommands.Select(child => child.Name))) is { } name
                ? $"'{word}' is no command; did you mean {HelpPage.Path(command)} {name}?"
                : command.Parents.Any() ? $"'{word}' is no command; there is {string.Join(", ", command.Subcommands.Select(child => child.Name))}."
                : word.Contains(' ', StringComparison.Ordinal) ? $"'{word}' is no command; did you mean dramatis paint \"{word}\"?"
                : $"'{word}' is no command."
            : IsOfPrompt(word, command, parsed) ? $"'{word}' stands alone; put a prompt of several words in quotes: dramatis paint \"a cat on a beach\"."
            : $"'{word}' belongs to nothing{(command.Arguments.Count == 0 ? "; this command takes flags only" : "")}.";
    }

    // The words of a prompt without quotes are arguments each.
    private static bool IsOfPrompt(string word, Command command, ParseResult parsed) =>
        command.Name == "paint" && parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument)?.Value is { } first && first != word;

    // The parser lists choices line by line, and names types of .NET.
    private static string InUsersWords(string message, Command command)
    {
        if (message.Split("\n\t") is [var before, .. { Length: > 0 } choices])
        {
            string[] names = [.. choices.Select(choice => choice.Trim().Trim('\''))];
            var word = Quoted().Match(before).Groups["text"].Value;
            return $"'{word}' {Spelling.Unknown(word, names)}";
        }

        return NotOfType().Match(message) is { Success: true } match
            ? WrongNumber(match.Groups["option"].Value, match.Groups["text"].Value, match.Groups["type"].Value)
            : Missing().Match(message) is { Success: true } missing ? $"{missing.Groups["name"].Value} is missing{About(missing.Groups["name"].Value, command)}"
            : message;
    }

    private static string About(string name, Command command) =>
        (command.Options.Cast<Symbol>().Concat(command.Arguments).FirstOrDefault(symbol => symbol.Name == name)?.Description) is { } text ? $": {text}" : ".";

    // What is a number, and too large or small, is told apart from what is none.
    private static string WrongNumber(string option, string text, string type)
    {
        if (BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && type != "Boolean")
        {
            return number.Sign < 0 && type[0] == 'U' ? $"{option}: {text} is below 0; leave it out for one that is chosen." : $"{option}: {text} is too {(number.Sign < 0 ? "small" : "large")}.";
        }

        return type switch
        {
            "Double" or "Single" when text.Contains(',', StringComparison.Ordinal) => $"{option}: '{text}' is not a number; write {text.Replace(',', '.')}.",
            "Double" or "Single" => $"{option}: '{text}' is not a number.",
            "UInt64" or "UInt32" => $"{option}: '{text}' is not a whole number from 0.",
            "Int32" or "Int64" => $"{option}: '{text}' is not a whole number.",
            "Boolean" => $"{option}: '{text}' is not true or false.",
            _ => $"{option}: '{text}' cannot be read.",
        };
    }

    [GeneratedRegex(@"^Cannot parse argument '(?<text>.*)' for option '(?<option>.*)' as expected type '.*?(?<type>\w+)\]?'", RegexOptions.Singleline)]
    private static partial Regex NotOfType();

    [GeneratedRegex(@"^(Option '(?<name>.*)' is required\.|Required argument '(?<name>[^']*)' missing .*)$", RegexOptions.Singleline)]
    private static partial Regex Missing();

    [GeneratedRegex("'(?<text>.*)'", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
