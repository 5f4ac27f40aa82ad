using Dramatis.Configs;
using Dramatis.Errors;
using Microsoft.ML.Tokenizers;

namespace Dramatis.Tokenizers;

/// <summary>Settings of a <see cref="ClipTokenizer"/>.</summary>
internal sealed record ClipTokenizerOptions
{
    /// <summary>Tokens of a full text, start and end among them.</summary>
    public int MaxLength { get; init; } = 77;

    /// <summary>The token that shorter texts are filled up with.</summary>
    public string Padding { get; init; } = BpeVocabulary.End;

    /// <summary>Tokens that are found in the raw text before anything else, with their ids.</summary>
    public IReadOnlyDictionary<string, int> AddedTokens { get; init; } = new Dictionary<string, int>();

    /// <summary>Words that are found like those, each of one or several tokens.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> AddedWords { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>Those of them that are found only where they stand alone, in capitals or not.</summary>
    public IReadOnlySet<string> LoneWords { get; init; } = new HashSet<string>();

    public TextCleaning Cleaning { get; init; }
}

/// <summary>Texts to the token ids of CLIP's text encoders, exactly as transformers' <c>CLIPTokenizer</c> gives them.</summary>
/// <remarks>Byte-pair encoding of lower-case words (Radford et al., 2021). Any thread may use one at any time.</remarks>
internal sealed class ClipTokenizer
{
    private readonly BpeTokenizer words;
    private readonly WholeTokens wholeTokens;

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
        wholeTokens = FindWholeTokens();
    }

    private ClipTokenizer(ClipTokenizer other, ClipTokenizerOptions options)
    {
        (Vocabulary, Options, words) = (other.Vocabulary, options, other.words);
        (StartId, EndId, PaddingId) = (other.StartId, other.EndId, other.PaddingId);
        wholeTokens = FindWholeTokens();
    }

    public BpeVocabulary Vocabulary { get; }

    public ClipTokenizerOptions Options { get; }

    public int StartId { get; }

    public int EndId { get; }

    public int PaddingId { get; }

    /// <summary>Reads a tokenizer folder in either layout of transformers: see <see cref="TokenizerFiles"/>.</summary>
    /// <exception cref="ModelNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidConfigException">A file is malformed.</exception>
    public static ClipTokenizer FromFolder(string folder)
    {
        var files = TokenizerFiles.Read(folder, BpeVocabulary.WordEnd, BpeVocabulary.Start, BpeVocabulary.End);
        var options = new ClipTokenizerOptions { AddedTokens = files.AddedTokens };
        if (files.Config is not { } config)
        {
            return new(files.Vocabulary, options);
        }

        TokenizerFields.Known.Check(config);
        var padding = PaddingOf(SpecialTokens(folder, config) ?? config);
        return files.Vocabulary.Ids.ContainsKey(padding) || files.AddedTokens.ContainsKey(padding)
            ? new(files.Vocabulary, options with { MaxLength = config.Whole("model_max_length", 77, least: 3), Padding = padding })
            : throw new InvalidConfigException(config.Path, $"\"pad_token\" is \"{padding}\", which the vocabulary does not have.");
    }

    /// <summary>The largest id that a text can get.</summary>
    public int LargestId =>
        Vocabulary.Ids.Values.Concat(Options.AddedTokens.Values).Concat(Options.AddedWords.Values.SelectMany(ids => ids)).Max();

    /// <summary>A tokenizer that knows more words.</summary>
    /// <param name="alone">Those of them that count only where they stand alone, in capitals or not; null for none.</param>
    public ClipTokenizer With(IReadOnlyDictionary<string, IReadOnlyList<int>> words, IEnumerable<string>? alone = null) => new(this, Options with
    {
        AddedWords = Options.AddedWords.Concat(words).ToDictionary(),
        LoneWords = Options.LoneWords.Concat(alone ?? []).ToHashSet(),
    });

    /// <summary>A tokenizer that cleans texts otherwise.</summary>
    public ClipTokenizer With(TextCleaning cleaning) => new(this, Options with { Cleaning = cleaning });

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

    /// <summary>How many characters of a text <see cref="Encode"/> does not cut off: all, or the longest run of whole words that fits.</summary>
    public int CharactersRead(string text)
    {
        if (EncodeWords(text).Count <= Options.MaxLength - 2)
        {
            return text.Length;
        }

        int[] ends = [.. text.Index().Where(letter => !char.IsWhiteSpace(letter.Item) && (letter.Index + 1 == text.Length || char.IsWhiteSpace(text[letter.Index + 1])))
            .Select(letter => letter.Index + 1)];
        var (fits, tooLong) = (0, ends.Length);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            (fits, tooLong) = EncodeWords(text[..ends[middle - 1]]).Count <= Options.MaxLength - 2 ? (middle, tooLong) : (fits, middle);
        }

        return fits == 0 ? 0 : ends[fits - 1];
    }

    /// <summary>As <see cref="EncodeWords"/>, word by word; a whole token is a word.</summary>
    public IEnumerable<IReadOnlyList<int>> EncodeByWord(string text)
    {
        foreach (var (piece, whole) in wholeTokens.Split(text))
        {
            foreach (var ids in WordIds(piece))
            {
                yield return ids;
            }

            if (whole is not null)
            {
                yield return whole;
            }
        }
    }

    // What the map of special tokens says counts before the settings, unless those list all added tokens, as newer files do.
    private static ConfigReader? SpecialTokens(string folder, ConfigReader config)
    {
        var path = Path.Combine(folder, "special_tokens_map.json");
        return !config.Has("added_tokens_decoder") && File.Exists(path) && ConfigReader.Load(path) is var map && map.Has("pad_token")
            ? map
            : null;
    }

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

    private WholeTokens FindWholeTokens() => new(
        new Dictionary<string, IReadOnlyList<int>>(
            Options.AddedTokens.Select(token => KeyValuePair.Create<string, IReadOnlyList<int>>(token.Key, [token.Value])).Concat(Options.AddedWords))
        {
            [BpeVocabulary.Start] = [StartId],
            [BpeVocabulary.End] = [EndId],
            [Options.Padding] = [PaddingId],
        },
        Options.LoneWords);

    private IEnumerable<int> Ids(string text) => EncodeByWord(text).SelectMany(ids => ids);

    private IEnumerable<IReadOnlyList<int>> WordIds(string text) =>
        ClipWords.Of(Clean(text)).Select(IReadOnlyList<int> (word) => word switch
        {
            BpeVocabulary.Start => [StartId],    // in capitals these two are found only here
            BpeVocabulary.End => [EndId],
            _ => words.EncodeToIds(ByteCharacters.Spell(word), considerPreTokenization: false),
        });

    private string Clean(string text) =>
        Options.Cleaning == TextCleaning.Ftfy ? FtfyNormalizer.Normalize(text) : BasicNormalizer.Normalize(text, Options.Cleaning == TextCleaning.Basic);

    private int IdOf(string token) =>
        Options.AddedTokens.TryGetValue(token, out var id) ? id : Vocabulary.Ids[token];
}
