using System.Text.RegularExpressions;

namespace Dramatis.Cli.Host;

/// <summary>What the program is called where the user stands, so that commands in help and messages work as they are.</summary>
internal static partial class ProgramName
{
    /// <summary>Set by the script of a clone, which is called by its path.</summary>
    public const string Variable = "DRAMATIS_COMMAND";

    private const string Usual = "dramatis";

    private static string Called => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : Usual;

    /// <summary>A text whose commands begin as the user's do.</summary>
    public static string In(string text) => Called is Usual ? text : CommandsIn().Replace(text, _ => Called);

    [GeneratedRegex(@"(?<![\w./-])dramatis(?= (paint|bench|toybox|prepare|train|merge|models|inspect|convert|verify|serve|keys|COMMAND|--|\[))")]
    private static partial Regex CommandsIn();
}
