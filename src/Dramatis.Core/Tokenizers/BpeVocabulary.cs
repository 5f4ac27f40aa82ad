using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Tokenizers;

/// <summary>The tokens of a byte-pair encoding with their ids, and its merges, best first.</summary>
/// <param name="Ids">Token to id.</param>
/// <param name="Merges">Pairs that become one token.</param>
public sealed record BpeVocabulary(IReadOnlyDictionary<string, int> Ids, IReadOnlyList<(string Left, string Right)> Merges)
{
    /// <summary>Marks the end of a word in CLIP's vocabularies.</summary>
    public const string WordEnd = "</w>";

    /// <summary>Begins every text in CLIP's vocabularies.</summary>
    public const string Start = "<|startoftext|>";

    /// <summary>Ends every text in CLIP's vocabularies.</summary>
    public const string End = "<|endoftext|>";

    private const string VocabularyName = "vocab.json";
    private const string MergesName = "merges.txt";
    private const string EmbeddedName = "bpe_simple_vocab_16e6.txt.gz";
    private const int EmbeddedMerges = 48_894;    // later lines of the file are not used by CLIP

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    private static readonly Lazy<BpeVocabulary> Embedded = new(ReadEmbedded);

    /// <summary>The vocabulary of all published CLIP text encoders, 49,408 tokens.</summary>
    public static BpeVocabulary Clip => Embedded.Value;

    /// <summary>The id that ends a text.</summary>
    public int EndId => Ids[End];

    /// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <exception cref="ModelNotFoundException">One of them is missing.</exception>
    /// <exception cref="InvalidConfigException">One of them is malformed, or they do not belong together.</exception>
    public static BpeVocabulary FromFolder(string folder)
    {
        var path = Path.Combine(folder, VocabularyName);
        return Of(path, ParseIds(ConfigReader.ReadText(path), path), ParseMerges(ConfigReader.ReadText(Path.Combine(folder, MergesName)).Split('\n')));
    }

    /// <summary>The first tokens of CLIP's vocabulary: all bytes, as many merges as fit, start and end.</summary>
    /// <param name="size">Tokens in all, more than 514.</param>
    public static BpeVocabulary Cut(int size) => FromMerges([.. Clip.Merges.Take(size - 514)]);

    /// <summary>Text of <c>vocab.json</c>, which <see cref="FromFolder"/> reads back.</summary>
    public string VocabularyText() => JsonSerializer.Serialize(Ids.OrderBy(item => item.Value).ToDictionary(), Readable) + "\n";

    /// <summary>Text of <c>merges.txt</c>, which <see cref="FromFolder"/> reads back.</summary>
    public string MergesText() => "#version: 0.2\n" + string.Concat(Merges.Select(merge => $"{merge.Left} {merge.Right}\n"));

    private static BpeVocabulary ReadEmbedded()
    {
        using var resource = typeof(BpeVocabulary).Assembly.GetManifestResourceStream(EmbeddedName)!;
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress), Encoding.UTF8);
        return FromMerges(ParseMerges(reader.ReadToEnd().Split('\n').Take(EmbeddedMerges + 1)));
    }

    private static BpeVocabulary FromMerges(IReadOnlyList<(string Left, string Right)> merges)
    {
        var bytes = ByteCharacters.Order.Select(value => ByteCharacters.Of(value).ToString()).ToArray();
        string[] tokens = [.. bytes, .. bytes.Select(text => text + WordEnd), .. merges.Select(merge => merge.Left + merge.Right), Start, End];
        return new(tokens.Index().ToDictionary(item => item.Item, item => item.Index), merges);
    }

    private static BpeVocabulary Of(string path, Dictionary<string, int> ids, IReadOnlyList<(string Left, string Right)> merges)
    {
        var needed = ByteCharacters.Order
            .Select(value => ByteCharacters.Of(value).ToString())
            .SelectMany(text => new[] { text, text + WordEnd })
            .Concat(merges.SelectMany(merge => new[] { merge.Left, merge.Right, merge.Left + merge.Right }))
            .Concat([Start, End]);
        return needed.FirstOrDefault(token => !ids.ContainsKey(token)) is { } missing
            ? throw new InvalidConfigException(path, $"has no token \"{missing}\"; it is no vocabulary of CLIP, or not that of the {MergesName} beside it.")
            : new(ids, merges);
    }

    // The first line is a header.
    private static List<(string Left, string Right)> ParseMerges(IEnumerable<string> lines) =>
    [
        .. lines.Skip(1)
            .Select(line => line.TrimEnd('\r').Split(' '))
            .Where(parts => parts is [not "", not ""])
            .Select(parts => (parts[0], parts[1])),
    ];

    private static Dictionary<string, int> ParseIds(string json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(json)
                ?? throw new InvalidConfigException(path, "is no JSON object of tokens and ids.");
        }
        catch (JsonException e)
        {
            throw new InvalidConfigException(path, $"is no JSON object of tokens and ids: {e.Message}", e);
        }
    }
}
