using Dramatis.Errors;

namespace Dramatis.Tokenizers;

/// <summary>Qwen2-VL's chat template: one message of pictures and a text, after the standard words to the system.</summary>
/// <remarks>Any thread may use one at any time.</remarks>
internal sealed class QwenChat
{
    private const string Opening = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n";
    private const string Closing = "<|im_end|>\n<|im_start|>assistant\n";
    private const string Padding = "<|endoftext|>";
    private const string PictureStart = "<|vision_start|>";
    private const string PictureEnd = "<|vision_end|>";
    private const string PictureToken = "<|image_pad|>";

    private readonly QwenTokenizer tokenizer;
    private readonly IReadOnlyList<int> opening;
    private readonly IReadOnlyList<int> closing;

    private QwenChat(QwenTokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        (opening, closing) = (tokenizer.Encode(Opening), tokenizer.Encode(Closing));
    }

    /// <summary>The special tokens of the template, and the usual padding.</summary>
    public static IReadOnlyList<string> Tokens { get; } = ["<|im_start|>", "<|im_end|>", PictureStart, PictureEnd, PictureToken, Padding];

    /// <summary>The words of the template, for vocabularies that are to have them.</summary>
    public static string Sample => Opening + Closing;

    /// <summary>Stands where a picture's tokens go.</summary>
    public int PictureId => tokenizer.SpecialTokens[PictureToken];

    /// <summary>Fills up shorter texts of a batch.</summary>
    public int PaddingId { get; private init; }

    /// <summary>Whether batches are filled up before their texts, as published, and not behind them.</summary>
    public bool PadsLeft { get; private init; }

    /// <summary>Reads the tokenizer of a Qwen2-VL folder.</summary>
    /// <exception cref="ModelNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidConfigException">A file is malformed, or the tokenizer knows no pictures.</exception>
    public static QwenChat FromFolder(string folder)
    {
        var files = TokenizerFiles.Read(folder, wordEnd: "");
        var path = files.Config?.Path ?? folder;
        var padding = files.Config?.Text("pad_token", Padding) ?? Padding;
        return Make(new(files.Vocabulary, files.AddedTokens), path, padding, files.Config?.Text("padding_side", "left") != "right");
    }

    /// <param name="path">What an error names.</param>
    /// <exception cref="InvalidConfigException">The tokenizer lacks a token of the template.</exception>
    public static QwenChat Make(QwenTokenizer tokenizer, string path, string padding = Padding, bool padsLeft = true)
    {
        return Array.Find([.. Tokens, padding], token => !tokenizer.SpecialTokens.ContainsKey(token)) is { } missing
            ? throw new InvalidConfigException(path, $"has no special token \"{missing}\"; this is not the tokenizer of a Qwen2-VL model.")
            : new(tokenizer) { PaddingId = tokenizer.SpecialTokens[padding], PadsLeft = padsLeft };
    }

    /// <summary>The conversation of one message.</summary>
    /// <param name="pictureTokens">How many tokens each picture becomes.</param>
    /// <param name="text">Follows the pictures at once. Special tokens in it are text, where the reference would obey them.</param>
    public QwenMessage Say(IReadOnlyList<int> pictureTokens, string text) => Say(pictureTokens, tokenizer.EncodeWords(text));

    /// <summary>As the reference reads the text: special tokens in it are obeyed.</summary>
    internal QwenMessage SayObeying(IReadOnlyList<int> pictureTokens, string text) => Say(pictureTokens, tokenizer.Encode(text));

    private QwenMessage Say(IReadOnlyList<int> pictureTokens, IReadOnlyList<int> text)
    {
        List<int> ids = [.. opening];
        var pictures = new List<TokenSpan>();
        foreach (var count in pictureTokens)
        {
            ids.Add(tokenizer.SpecialTokens[PictureStart]);
            pictures.Add(new(ids.Count, ids.Count + count));
            ids.AddRange(Enumerable.Repeat(PictureId, count));
            ids.Add(tokenizer.SpecialTokens[PictureEnd]);
        }

        return new([.. ids, .. text, .. closing], pictures);
    }
}
