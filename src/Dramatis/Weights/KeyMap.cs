using System.Text.RegularExpressions;

namespace Dramatis.Weights;

/// <summary>A checkpoint key that no network needs, and why.</summary>
/// <param name="Pattern">As in a <see cref="KeyMap"/>.</param>
public readonly record struct IgnoredKey(string Pattern, string Reason);

/// <summary>Renames checkpoint keys by pattern; "{}" stands for one number.</summary>
public sealed class KeyMap
{
    private readonly (Regex From, string To)[] rules;
    private readonly Regex[] ignored = [];

    public KeyMap(params ReadOnlySpan<(string From, string To)> rules)
    {
        var compiled = new (Regex From, string To)[rules.Length];
        for (var i = 0; i < rules.Length; i++)
        {
            compiled[i] = (Compile(rules[i].From), rules[i].To);
        }

        this.rules = compiled;
    }

    /// <summary>Known left-overs, each with its reason.</summary>
    public IReadOnlyList<IgnoredKey> Ignored
    {
        init => ignored = [.. value.Select(key => Compile(key.Pattern))];
    }

    /// <summary>The map of a network's home format: every key is the network's own name.</summary>
    public static KeyMap Home { get; } = new();

    /// <summary>The network's name for a checkpoint key, or null when no rule covers it.</summary>
    public string? Find(string key)
    {
        foreach (var (from, to) in rules)
        {
            if (from.Match(key) is { Success: true } match)
            {
                var number = 1;
                return Regex.Replace(to, @"\{\}", _ => match.Groups[number++].Value);
            }
        }

        return null;
    }

    /// <summary>Whether the key is known to be of no use.</summary>
    public bool Ignores(string key) => Array.Exists(ignored, pattern => pattern.IsMatch(key));

    private static Regex Compile(string pattern)
    {
        var escaped = Regex.Escape(pattern).Replace(@"\{}", @"(\d+)", StringComparison.Ordinal);
        return new($"^{escaped}$", RegexOptions.CultureInvariant);
    }
}
