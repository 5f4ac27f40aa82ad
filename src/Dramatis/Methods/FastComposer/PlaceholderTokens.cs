using Dramatis.Tokenizers;

namespace Dramatis.Methods.FastComposer;

/// <summary>A text in which a placeholder follows the words of each subject, as the reference reads it.</summary>
/// <param name="Ids">Without placeholders, as many as the encoder reads.</param>
/// <param name="Words">True for the token before each placeholder.</param>
/// <remarks>
/// The reference's ways are kept: a placeholder inside a word cuts it, one at the very beginning means the start of the text, two in a row
/// mean one subject, and a long text loses its end and the marks beyond.
/// </remarks>
internal sealed record PlaceholderTokens(IReadOnlyList<int> Ids, IReadOnlyList<bool> Words)
{
    /// <summary>The placeholder of the reference's data sets and of its script.</summary>
    public const string Image = "<|image|>";

    /// <summary>That of its pipeline, demo and evaluation.</summary>
    public const string Img = "img";

    // No text has it otherwise: the first number behind the vocabulary's.
    private const int NoId = -1;

    public int Count => Words.Count(isSubject => isSubject);

    /// <summary>Where the subjects' words are, in order.</summary>
    public IReadOnlyList<int> Places => [.. Words.Index().Where(word => word.Item).Select(word => word.Index)];

    /// <summary>Reads a text.</summary>
    public static PlaceholderTokens Of(ClipTokenizer tokenizer, string text, string placeholder)
    {
        var reader = tokenizer.With(new Dictionary<string, IReadOnlyList<int>> { [placeholder] = [NoId] });
        int[] ids = [tokenizer.StartId, .. reader.EncodeWords(text), tokenizer.EndId];
        var length = tokenizer.Options.MaxLength;
        var clean = new List<int>();
        var words = new bool[Math.Max(length, ids.Length)];
        foreach (var id in ids)
        {
            if (id == NoId)
            {
                words[clean.Count - 1] = true;
            }
            else
            {
                clean.Add(id);
            }
        }

        return new([.. clean.Take(length), .. Enumerable.Repeat(tokenizer.PaddingId, Math.Max(0, length - clean.Count))], words[..length]);
    }

    /// <summary>A caption with the placeholder behind the words of each subject.</summary>
    /// <param name="ends">Where those words end, in characters.</param>
    public static string Insert(string caption, IEnumerable<int> ends, string placeholder = Image) =>
        ends.OrderDescending().Aggregate(caption, (sofar, end) => sofar.Insert(Math.Min(end, sofar.Length), placeholder));
}
