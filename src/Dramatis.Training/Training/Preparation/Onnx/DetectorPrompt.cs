using Dramatis.Errors;
using Microsoft.ML.Tokenizers;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>Phrases as Grounding DINO reads them: in one line, each with a full stop behind it (Liu et al., 2023, section 3.4).</summary>
/// <param name="Ids">The tokens of BERT, with those that begin and end the text.</param>
/// <param name="Phrases">The tokens of each phrase; phrases for which there was no room are left out.</param>
internal sealed record DetectorPrompt(int[] Ids, IReadOnlyList<(string Phrase, int Start, int End)> Phrases)
{
    private const int MostTokens = 256;

    public static DetectorPrompt Of(IReadOnlyList<string> phrases, BertTokenizer tokenizer)
    {
        List<int> ids = [tokenizer.ClassificationTokenId];
        var found = new List<(string, int, int)>();
        var stop = Encode(".");
        foreach (var phrase in phrases)
        {
            var tokens = Encode(phrase);
            if (ids.Count + tokens.Count + stop.Count < MostTokens)
            {
                found.Add((phrase, ids.Count, ids.Count + tokens.Count));
                ids.AddRange(tokens);
                ids.AddRange(stop);
            }
        }

        return new([.. ids, tokenizer.SeparatorTokenId], found);

        IReadOnlyList<int> Encode(string text) => tokenizer.EncodeToIds(text.ToLowerInvariant(), addSpecialTokens: false);
    }

    /// <exception cref="ModelNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidConfigException">It is no vocabulary of BERT.</exception>
    public static BertTokenizer LoadTokenizer(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelNotFoundException(
                path, "there is no such file; put the vocab.txt of the detector's BERT there, or name it as \"vocabulary\" in the settings.");
        }

        try
        {
            return BertTokenizer.Create(path);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfigException(
                path, "is no vocabulary of BERT: that has one token a line, [CLS], [SEP] and [UNK] among them. Take the vocab.txt of the detector's model.", e);
        }
    }

    /// <summary>The number of each token within its phrase.</summary>
    public OnnxTensor Positions()
    {
        var positions = new float[Ids.Length];
        foreach (var (_, start, end) in Phrases)
        {
            for (var i = start; i <= end; i++)
            {
                positions[i] = i - start;
            }
        }

        return new(positions, 1, Ids.Length);
    }

    /// <summary>Which tokens read each other: those of one phrase, its full stop with them; the first and the last only themselves.</summary>
    public OnnxTensor SelfMask()
    {
        var length = Ids.Length;
        var mask = new float[length * length];
        mask[0] = mask[^1] = 1;
        foreach (var (_, start, end) in Phrases)
        {
            for (var i = start; i <= end; i++)
            {
                mask.AsSpan((i * length) + start, end - start + 1).Fill(1);
            }
        }

        return new(mask, 1, length, length);
    }
}
