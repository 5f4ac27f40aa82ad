using System.Text;
using Dramatis.Configs;
using Dramatis.Errors;
using Microsoft.ML.Tokenizers;

namespace Dramatis.Tokenizers;

/// <summary>Settings of a <see cref="ClipTokenizer"/>.</summary>
public sealed record ClipTokenizerOptions
{
    /// <summary>Tokens of a full text, start and end among them.</summary>
    public int MaxLength { get; init; } = 77;

    /// <summary>The token that shorter texts are filled up with.</summary>
    public string Padding { get; init; } = BpeVocabulary.End;

    /// <summary>Tokens that are found in the raw text before anything else, with their ids.</summary>
    public IReadOnlyDictionary<string, int> AddedTokens { get; init; } = new Dictionary<string, int>();
}

/// <summary>Texts to the token ids of CLIP's text encoders, exactly as transformers' <c>CLIPTokenizer</c> gives them.</summary>
/// <remarks>Byte-pair encoding of lower-case words (Radford et al., 2021). Any thread may use one at any time.</remarks>
public sealed class ClipTokenizer
{
    private readonly BpeTokenizer words;
    private readonly KeyValuePair<string, int>[] wholeTokens;    // longest first: the longest match wins

    public ClipTokenizer(BpeVocabulary vocabulary, ClipTokenizerOptions? options = null)
    {
        Vocabulary = vocabulary;
        Options = options ?? new();
        StartId = vocabulary.Ids[BpeVocabulary.Start];
        EndId = vocabulary.EndId;
        PaddingId = IdOf(Options.Padding);
        words = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids)
        {
            Merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
            EndOfWordSuffix = BpeVocabulary.WordEnd,
        });
        wholeTokens =
        [
            .. new Dictionary<string, int>(Options.AddedTokens)
            {
                [BpeVocabulary.Start] = StartId,
                [BpeVocabulary.End] = EndId,
                [Options.Padding] = PaddingId,
            }.OrderByDescending(token => token.Key.Length),
        ];
    }

    public BpeVocabulary Vocabulary { get; }

    public ClipTokenizerOptions Options { get; }

    public int StartId { get; }

    public int EndId { get; }

    public int PaddingId { get; }

    /// <summary>Reads a tokenizer folder: <c>vocab.json</c>, <c>merges.txt</c> and, when there, <c>tokenizer_config.json</c>.</summary>
    /// <exception cref="ModelNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidConfigException">A file is malformed.</exception>
    public static ClipTokenizer FromFolder(string folder)
    {
        var vocabulary = BpeVocabulary.FromFolder(folder);
        var path = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(path))
        {
            return new(vocabulary);
        }

        var config = ConfigReader.Load(path);
        var padding = PaddingOf(config);
        return vocabulary.Ids.ContainsKey(padding)
            ? new(vocabulary, new() { MaxLength = config.Whole("model_max_length", 77, least: 2), Padding = padding })
            : throw new InvalidConfigException(path, $"\"pad_token\" is \"{padding}\", which the vocabulary does not have.");
    }

    /// <summary>Ids with start and end, cut to <see cref="ClipTokenizerOptions.MaxLength"/> and filled up to it.</summary>
    public int[] Encode(string text)
    {
        var ids = EncodeUnpadded(text);
        return [.. ids, .. Enumerable.Repeat(PaddingId, Options.MaxLength - ids.Length)];
    }

    /// <summary>Ids with start and end, cut to <see cref="ClipTokenizerOptions.MaxLength"/>; the end always stays.</summary>
    public int[] EncodeUnpadded(string text) => [StartId, .. Ids(text).Take(Options.MaxLength - 2), EndId];

    /// <summary>Ids of the text alone: no start, no end, any length.</summary>
    public IReadOnlyList<int> EncodeWords(string text) => [.. Ids(text)];

    private static string PaddingOf(ConfigReader config)
    {
        try
        {
            return config.Section("pad_token")?.Text("content", BpeVocabulary.End) ?? BpeVocabulary.End;
        }
        catch (InvalidConfigException)
        {
            return config.Text("pad_token", BpeVocabulary.End);
        }
    }

    private IEnumerable<int> Ids(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var (end, next, whole) = NextWhole(text, start);
            foreach (var id in WordIds(text[start..end]))
            {
                yield return id;
            }

            if (whole is { } found)
            {
                yield return found;
            }

            start = next;
        }
    }

    // Where the text before the next whole token ends, where it goes on after it, and its id.
    private (int End, int Next, int? Id) NextWhole(string text, int start)
    {
        var first = (End: text.Length, Next: text.Length, Id: (int?)null);
        foreach (var (token, id) in wholeTokens)
        {
            var at = text.IndexOf(token, start, StringComparison.Ordinal);
            if (at >= 0 && at < first.End)
            {
                first = (at, at + token.Length, id);
            }
        }

        return first;
    }

    private IEnumerable<int> WordIds(string text) =>
        ClipWords.Of(BasicNormalizer.Normalize(text)).SelectMany(word => word switch
        {
            BpeVocabulary.Start => [StartId],    // in capitals these two are found only here
            BpeVocabulary.End => [EndId],
            _ => words.EncodeToIds(Bytes(word), considerPreTokenization: false),
        });

    private static string Bytes(string word) =>
        string.Concat(Encoding.UTF8.GetBytes(word).Select(value => ByteCharacters.Of(value)));

    private int IdOf(string token) =>
        Options.AddedTokens.TryGetValue(token, out var id) ? id : Vocabulary.Ids[token];
}
