namespace Dramatis.Tokenizers;

/// <summary>Tokens of an encoded text: Start to End - 1, the start-of-text token being 0.</summary>
internal readonly record struct TokenSpan(int Start, int End)
{
    /// <summary>No token: words that are not in the text, or beyond its last token.</summary>
    public static TokenSpan None { get; }

    public bool IsEmpty => End <= Start;

    public int Count => IsEmpty ? 0 : End - Start;

    /// <summary>The tokens of some characters of a text; none when the encoder does not read them any more.</summary>
    /// <param name="words">They begin and end where words do.</param>
    public static TokenSpan Of(ClipTokenizer tokenizer, string text, Range words)
    {
        var (offset, length) = words.GetOffsetAndLength(text.Length);
        var start = 1 + tokenizer.EncodeWords(text[..offset]).Count;
        var end = 1 + tokenizer.EncodeWords(text[..(offset + length)]).Count;
        return end <= tokenizer.Options.MaxLength - 1 ? new(start, end) : None;
    }
}
