using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Which tokens of the text mean which subject, in each row of a generation.</summary>
/// <remarks>
/// Shapes: B rows, n subjects, L text tokens of the first chunk. What a longer text has behind them means no subject.
/// </remarks>
internal static class SubjectWords
{
    /// <summary>1 where a token means a subject, else 0 (B, n, L).</summary>
    /// <param name="rows">For each row the tokens of each subject; as many subjects in each row.</param>
    /// <param name="device">Null is the processor.</param>
    public static Tensor Of(IReadOnlyList<IReadOnlyList<TokenSpan>> rows, int length, Device? device = null)
    {
        var subjects = rows[0].Count;
        var marks = new float[rows.Count * subjects * length];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var subject = 0; subject < subjects; subject++)
            {
                var span = rows[row][subject];
                marks.AsSpan((((row * subjects) + subject) * length) + span.Start, span.Count).Fill(1);
            }
        }

        return tensor(marks, device: device).view(rows.Count, subjects, length);
    }
}
