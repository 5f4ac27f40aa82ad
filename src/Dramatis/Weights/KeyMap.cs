using System.Text.RegularExpressions;

namespace Dramatis.Weights;

/// <summary>A checkpoint key that no network needs, and why.</summary>
/// <param name="Pattern">As in a <see cref="KeyMap"/>.</param>
internal readonly record struct IgnoredKey(string Pattern, string Reason);

/// <summary>A checkpoint key whose tensor is several weights, one above the other in equal parts.</summary>
internal readonly record struct FusedKey(string From, params IReadOnlyList<string> To);

/// <summary>A checkpoint key whose tensor has another form than the weight.</summary>
internal readonly record struct ReformedKey(string From, string To, WeightForm Form);

/// <summary>Renames checkpoint keys by pattern; "{}" stands for one number, "*" for all that follows. The first rule that covers a key counts.</summary>
internal sealed partial class KeyMap
{
    private readonly Rule[] rules;
    private readonly Rule[] fused = [];
    private readonly Rule[] reformed = [];
    private readonly Regex[] ignored = [];

    public KeyMap(params ReadOnlySpan<(string From, string To)> rules)
    {
        this.rules = new Rule[rules.Length];
        for (var i = 0; i < rules.Length; i++)
        {
            this.rules[i] = new(Compile(rules[i].From), [rules[i].To]);
        }
    }

    /// <summary>Known left-overs, each with its reason.</summary>
    public IReadOnlyList<IgnoredKey> Ignored
    {
        init => ignored = [.. value.Select(key => Compile(key.Pattern))];
    }

    /// <summary>Tensors that hold several weights.</summary>
    public IReadOnlyList<FusedKey> Fused
    {
        init => fused = [.. value.Select(key => new Rule(Compile(key.From), [.. key.To]))];
    }

    /// <summary>Tensors of another form.</summary>
    public IReadOnlyList<ReformedKey> Reformed
    {
        init => reformed = [.. value.Select(key => new Rule(Compile(key.From), [key.To], key.Form))];
    }

    /// <summary>The map of a network's home format: every key is the network's own name.</summary>
    public static KeyMap Home { get; } = new();

    /// <summary>The network's name for a checkpoint key, or null when no rule covers it.</summary>
    public string? Find(string key) => Match(key) is { } found ? found[0].Name : null;

    /// <summary>What becomes of a checkpoint key; one that no rule covers is the network's own name.</summary>
    public IReadOnlyList<WeightTarget> TargetsOf(string key) => Match(key) ?? [new(key)];

    /// <summary>Whether the key is known to be of no use, in this layout or in any.</summary>
    public bool Ignores(string key) => Lists(key) || LeftOvers.Has(key);

    /// <summary>Whether the key is one of this map's own left-overs.</summary>
    internal bool Lists(string key) => Array.Exists(ignored, pattern => pattern.IsMatch(key));

    private WeightTarget[]? Match(string key)
    {
        foreach (var rule in fused.Concat(reformed).Concat(rules))
        {
            if (rule.From.Match(key) is { Success: true } match)
            {
                return [.. rule.To.Select((to, i) => new WeightTarget(Fill(to, match), i, rule.To.Length, rule.Form))];
            }
        }

        return null;
    }

    private static string Fill(string to, Match match)
    {
        var number = 1;
        return Hole().Replace(to, _ => match.Groups[number++].Value);
    }

    private static Regex Compile(string pattern)
    {
        var escaped = Regex.Escape(pattern).Replace(@"\{}", @"(\d+)", StringComparison.Ordinal).Replace(@"\*", "(.+)", StringComparison.Ordinal);
        return new($"^{escaped}$", RegexOptions.CultureInvariant);
    }

    [GeneratedRegex(@"\{\}|\*")]
    private static partial Regex Hole();

    private sealed record Rule(Regex From, string[] To, WeightForm Form = WeightForm.AsStored);
}
