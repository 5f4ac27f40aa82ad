using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dramatis.Tokenizers;

/// <summary>The tokens of a byte-pair encoding with their ids, and its merges, best first.</summary>
/// <param name="Ids">Token to id.</param>
/// <param name="Merges">Pairs that become one token.</param>
internal sealed record BpeVocabulary(IReadOnlyDictionary<string, int> Ids, IReadOnlyList<(string Left, string Right)> Merges)
{
    /// <summary>Marks the end of a word in CLIP's vocabularies.</summary>
    public const string WordEnd = "</w>";

    /// <summary>Begins every text in CLIP's vocabularies.</summary>
    public const string Start = "<|startoftext|>";

    /// <summary>Ends every text in CLIP's vocabularies.</summary>
    public const string End = "<|endoftext|>";

    private const string EmbeddedName = "bpe_simple_vocab_16e6.txt.gz";
    private const int EmbeddedMerges = 48_894;    // later lines of the file are not used by CLIP

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    private static readonly Lazy<BpeVocabulary> Embedded = new(ReadEmbedded);

    /// <summary>The vocabulary of all published CLIP text encoders, 49,408 tokens.</summary>
    public static BpeVocabulary Clip => Embedded.Value;

    /// <summary>The id that ends a text.</summary>
    public int EndId => Ids[End];

    /// <summary>The first tokens of CLIP's vocabulary: all bytes, as many merges as fit, start and end.</summary>
    /// <param name="size">Tokens in all, more than 514.</param>
    public static BpeVocabulary Cut(int size) => FromMerges([.. Clip.Merges.Take(size - 514)]);

    /// <summary>Text of <c>vocab.json</c>, which <see cref="TokenizerFiles"/> reads back.</summary>
    public string VocabularyText() => JsonSerializer.Serialize(Ids.OrderBy(item => item.Value).ToDictionary(), Readable) + "\n";

    /// <summary>Text of <c>merges.txt</c>, which <see cref="TokenizerFiles"/> reads back.</summary>
    public string MergesText() => "#version: 0.2\n" + string.Concat(Merges.Select(merge => $"{merge.Left} {merge.Right}\n"));

    /// <summary>A vocabulary without ends of words, numbered as GPT-2 does: all bytes, then what each merge makes.</summary>
    internal static BpeVocabulary ByteLevel(IReadOnlyList<(string Left, string Right)> merges) =>
        Number([.. Letters, .. merges.Select(merge => merge.Left + merge.Right)], merges);

    /// <summary>The tokens that no merge makes: all bytes, in the order of published vocabularies.</summary>
    internal static IReadOnlyList<string> Letters { get; } = [.. ByteCharacters.Order.Select(value => ByteCharacters.Of(value).ToString())];

    private static BpeVocabulary ReadEmbedded()
    {
        using var resource = typeof(BpeVocabulary).Assembly.GetManifestResourceStream(EmbeddedName)!;
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress), Encoding.UTF8);
        return FromMerges(MergeList.Parse(string.Join('\n', reader.ReadToEnd().Split('\n').Take(EmbeddedMerges + 1)), EmbeddedName));
    }

    private static BpeVocabulary FromMerges(IReadOnlyList<(string Left, string Right)> merges) =>
        Number([.. Letters, .. Letters.Select(text => text + WordEnd), .. merges.Select(merge => merge.Left + merge.Right), Start, End], merges);

    private static BpeVocabulary Number(string[] tokens, IReadOnlyList<(string Left, string Right)> merges) =>
        new(tokens.Index().ToDictionary(item => item.Item, item => item.Index), merges);
}
