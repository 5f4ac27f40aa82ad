using System.Text;
using System.Text.Json;

namespace Dramatis.Configs;

/// <summary>JSON as Python writes it: <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> may stand for numbers.</summary>
/// <remarks>Published scheduler settings hold them. They are read as texts of the same spelling.</remarks>
internal static class PythonJson
{
    private static readonly string[] Words = ["-Infinity", "Infinity", "NaN"];

    /// <exception cref="JsonException">The text is malformed otherwise.</exception>
    public static JsonDocument Parse(string json) => JsonDocument.Parse(Quote(json));

    private static string Quote(string json)
    {
        if (!Array.Exists(Words, word => json.Contains(word, StringComparison.Ordinal)))
        {
            return json;
        }

        var result = new StringBuilder(json.Length + 16);
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            var at = i;
            if (!inText && Array.Find(Words, word => string.CompareOrdinal(json, at, word, 0, word.Length) == 0) is { } found)
            {
                result.Append('"').Append(found).Append('"');
                i += found.Length - 1;
                continue;
            }

            if (json[i] == '"')
            {
                inText = !inText;
            }
            else if (inText && json[i] == '\\' && i + 1 < json.Length)
            {
                result.Append(json[i++]);
            }

            result.Append(json[i]);
        }

        return result.ToString();
    }
}
