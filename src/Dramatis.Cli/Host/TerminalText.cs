namespace Dramatis.Cli.Host;

/// <summary>Texts that come from elsewhere, for the terminal.</summary>
internal static class TerminalText
{
    /// <summary>An error as it is told: one line, with commands that can be given as they stand.</summary>
    public static string Error(string text) => $"error: {ProgramName.In(OneLine(text))}";

    /// <summary>A text as one line. Names in files may hold what would steer a terminal: that becomes spaces.</summary>
    public static string OneLine(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(character => char.IsControl(character) ? ' ' : character));
}
