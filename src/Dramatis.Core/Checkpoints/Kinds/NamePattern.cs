using System.Text.RegularExpressions;

namespace Dramatis.Checkpoints.Kinds;

/// <summary>Names of tensors: <c>#</c> stands for a number, <c>*</c> for anything, <c>(a|b)</c> for one of several.</summary>
internal sealed class NamePattern(string text)
{
    private static readonly char[] Signs = ['#', '*', '('];

    // Names come from files of anybody's: matching takes time in proportion to their length, whatever they are.
    private readonly Lazy<Regex> regex = new(() => new(
        $@"\A(?:{Translate(text)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline));

    private readonly bool isExact = text.IndexOfAny(Signs) < 0;

    public static implicit operator NamePattern(string text) => new(text);

    public bool Matches(string name) => isExact ? name == text : regex.Value.IsMatch(name);

    /// <summary>The first tensor of such a name, or null.</summary>
    public TensorEntry? Find(TensorArchive archive) =>
        isExact ? archive.Tensors.GetValueOrDefault(text) : archive.Tensors.Values.FirstOrDefault(entry => Matches(entry.Name));

    private static string Translate(string text) => Regex.Escape(text)
        .Replace(@"\#", "[0-9]+", StringComparison.Ordinal)
        .Replace(@"\*", ".*", StringComparison.Ordinal)
        .Replace(@"\(", "(?:", StringComparison.Ordinal)
        .Replace(@"\)", ")", StringComparison.Ordinal)
        .Replace(@"\|", "|", StringComparison.Ordinal);
}
