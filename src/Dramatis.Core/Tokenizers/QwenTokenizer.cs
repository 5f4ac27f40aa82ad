using Dramatis.Errors;
using Microsoft.ML.Tokenizers;

namespace Dramatis.Tokenizers;

/// <summary>Texts to the token ids of Qwen2 and Qwen2-VL, exactly as transformers gives them.</summary>
/// <remarks>
/// Byte-pair encoding of composed words (NFC), capitals kept, nothing put around the text.
/// Any thread may use one at any time.
/// </remarks>
internal sealed class QwenTokenizer
{
    private readonly BpeTokenizer words;
    private readonly WholeTokens wholeTokens;

    public QwenTokenizer(BpeVocabulary vocabulary, IReadOnlyDictionary<string, int> specialTokens)
    {
        SpecialTokens = specialTokens;
        wholeTokens = new(specialTokens.ToDictionary(token => token.Key, IReadOnlyList<int> (token) => [token.Value]));
        words = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids) { Merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}") });
    }

    /// <summary>For example <c>&lt;|im_start|&gt;</c>, with their ids.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>Reads a tokenizer folder in either layout of transformers: see <see cref="TokenizerFiles"/>.</summary>
    /// <exception cref="ModelNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidConfigException">A file is malformed.</exception>
    public static QwenTokenizer FromFolder(string folder)
    {
        var files = TokenizerFiles.Read(folder, wordEnd: "");
        return new(files.Vocabulary, files.AddedTokens);
    }

    /// <summary>Ids of the text, any length; special tokens written in it are found.</summary>
    public IReadOnlyList<int> Encode(string text) =>
        [.. wholeTokens.Split(text).SelectMany(stretch => stretch.Ids is { } whole ? WordIds(stretch.Text).Concat(whole) : WordIds(stretch.Text))];

    /// <summary>Ids of the text, any length; what looks like a special token is text like any other.</summary>
    public IReadOnlyList<int> EncodeWords(string text) => [.. WordIds(text)];

    private IEnumerable<int> WordIds(string text) =>
        QwenWords.Of(TextComposition.Compose(text)).SelectMany(word => words.EncodeToIds(ByteCharacters.Spell(word), considerPreTokenization: false));
}
