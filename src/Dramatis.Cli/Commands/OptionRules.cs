using System.CommandLine;
using System.Globalization;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary>What the numbers of an option must keep to.</summary>
internal static class OptionRules
{
    /// <summary>Refuses numbers that break a rule of the library.</summary>
    public static void Require(this Option option, NumberRule rule) => option.Require(rule.Holds, rule.Text);

    /// <summary>Refuses numbers for which something does not hold. What is no number at all is refused by the parser.</summary>
    /// <param name="rule">What follows the option's name, for example <c>takes a number above 0</c>.</param>
    public static void Require<T>(this Option option, Predicate<T> holds, string rule)
        where T : IParsable<T> => option.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => T.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !holds(value)))
        {
            result.AddError($"{option.Name} {rule}.");
        }
    });
}
