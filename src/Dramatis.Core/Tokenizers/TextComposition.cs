using System.Runtime.InteropServices;
using System.Text;
using HarfBuzzSharp;

namespace Dramatis.Tokenizers;

/// <summary>Unicode's normalisation form C: canonical decomposition, then composition (UAX #15).</summary>
/// <remarks>
/// The runtime does this with the operating system's ICU, which a fresh machine may lack; without it nothing is composed. The tables here
/// are HarfBuzz's.
/// </remarks>
internal static class TextComposition
{
    private static readonly UnicodeFunctions Tables = UnicodeFunctions.Default;

    public static string Compose(string text)
    {
        if (text.All(char.IsAscii))
        {
            return text;
        }

        return Text(Compose(Parts(text)));
    }

    /// <summary>Canonical decomposition (NFD): letters and their marks apart.</summary>
    public static string Decompose(string text) => text.All(char.IsAscii) ? text : Text(Parts(text));

    private static List<uint> Parts(string text)
    {
        var runes = new List<uint>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose((uint)rune.Value, runes);
        }

        Sort(runes);
        return runes;
    }

    private static string Text(List<uint> runes)
    {
        var text = new StringBuilder(runes.Count);
        runes.ForEach(rune => text.Append(new Rune(rune)));
        return text.ToString();
    }

    private static void Decompose(uint rune, List<uint> into)
    {
        if (Tables.TryDecompose(rune, out var first, out var second))
        {
            Decompose(first, into);
            if (second != 0)
            {
                Decompose(second, into);
            }
        }
        else
        {
            into.Add(rune);
        }
    }

    // Marks in a row go into the order of their combining classes; equal ones keep their order.
    private static void Sort(List<uint> runes)
    {
        for (int start = 0, end; start < runes.Count; start = end + 1)
        {
            for (end = start; end < runes.Count && ClassOf(runes[end]) != 0;)
            {
                end++;
            }

            if (end - start > 1)
            {
                runes.GetRange(start, end - start).OrderBy(ClassOf).ToList().CopyTo(CollectionsMarshal.AsSpan(runes)[start..]);
            }
        }
    }

    // A mark joins the last starter unless one of at least its own class stands between.
    private static List<uint> Compose(List<uint> runes)
    {
        var composed = new List<uint>(runes.Count);
        var (starter, last) = (-1, 0);
        foreach (var rune in runes)
        {
            var mark = ClassOf(rune);
            var adjacent = starter == composed.Count - 1;
            if (starter >= 0 && (adjacent || (last < mark && last != 0)) && Tables.TryCompose(composed[starter], rune, out var joined))
            {
                composed[starter] = joined;
                continue;
            }

            (starter, last) = mark == 0 ? (composed.Count, 0) : (starter, mark);
            composed.Add(rune);
        }

        return composed;
    }

    private static int ClassOf(uint rune) => (int)Tables.GetCombiningClass(rune);
}
