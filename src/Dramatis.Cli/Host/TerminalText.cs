namespace Dramatis.Cli.Host;

/// <summary>Texts that come from elsewhere, for the terminal.</summary>
internal static class TerminalText
{
    /// <summary>A text as one line. Names in files may hold what would steer a terminal: that becomes spaces.</summary>
    public static string OneLine(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(character => char.IsControl(character) ? ' ' : character));
}
