using Dramatis.Networks.Clip;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>Texts as the networks see them.</summary>
/// <remarks>
/// Shapes: B texts, K chunks a text, L tokens a chunk, E text width, P pooled width. With one chunk and no weights this is the reference to the
/// bit. A weight w moves a token from where the empty text has it: empty + w (text - empty), so that 0 takes the word away.
/// </remarks>
internal sealed class PromptEncoder(BaseModel model)
{
    /// <summary>Encodes texts.</summary>
    /// <param name="texts">
    /// Null is no text: nothing but zeros for models with two encoders, unless they say otherwise, the empty text for others, as in the reference.
    /// </param>
    /// <param name="second">What the second encoder reads, as many; null for the same.</param>
    /// <param name="early">So many at the end do without the last layer; models with two encoders never use it.</param>
    public EncodedText Encode(IReadOnlyList<string?> texts, IReadOnlyList<string?>? second = null, int early = 0, PromptReading reading = default)
    {
        using var scope = NewDisposeScope();
        var first = Chunks(model.Tokenizer, texts, reading);
        if (model.SecondTextEncoder is not { } secondEncoder)
        {
            var rows = new TextRows(model, model.Tokenizer, first, first.Max(chunks => chunks.Count));
            var whole = (texts.Count - early) * rows.Count;
            return new(rows.Read(ids => Late(model.TextEncoder, model.TextEncoder.forward(ids), whole)).MoveToOuterDisposeScope(), null);
        }

        var others = Chunks(model.SecondTokenizer!, second ?? texts, reading);
        var count = first.Concat(others).Max(chunks => chunks.Count);
        var given = tensor(texts.Select(text => text is null && model.ZeroesMissingTexts ? 0f : 1f).ToArray(), model.Compute.Type, model.Compute.Device);
        Tensor? pooled = null;    // (B K, P), with the weights' effect left out as everywhere
        var text = cat(
            [
                new TextRows(model, model.Tokenizer, first, count).Read(ids => model.TextEncoder.forward(ids).Penultimate),
                new TextRows(model, model.SecondTokenizer!, others, count).Read(ids =>
                {
                    var features = secondEncoder.forward(ids);
                    pooled ??= features.Projected!;
                    return features.Penultimate;
                }),
            ],
            dim: -1);
        var start = pooled!.view(texts.Count, count, -1).select(1, 0);                                // (B, P) of the first chunks
        return new(
            (text * given.view(-1, 1, 1)).MoveToOuterDisposeScope(),
            (start * given.view(-1, 1)).MoveToOuterDisposeScope());
    }

    private static List<IReadOnlyList<TokenChunk>> Chunks(ClipTokenizer tokenizer, IReadOnlyList<string?> texts, PromptReading reading) =>
        [.. texts.Select(text => TokenChunk.Of(tokenizer, text ?? "", reading))];

    private static Tensor Late(ClipTextEncoder encoder, TextFeatures features, int whole) => whole == features.LastHiddenState.shape[0]
        ? features.LastHiddenState
        : cat([features.LastHiddenState[..whole], encoder.Norm(features.Penultimate[whole..])]);

    /// <summary>Texts of one encoder, each filled up with empty chunks to the same count.</summary>
    private sealed class TextRows(BaseModel model, ClipTokenizer tokenizer, IReadOnlyList<IReadOnlyList<TokenChunk>> texts, int count)
    {
        private readonly TokenChunk empty = TokenChunk.Of(tokenizer, "")[0];

        public int Count => count;

        /// <summary>The context (B, K L, E) from a network that makes (B K, L, E) of token ids (B K, L).</summary>
        public Tensor Read(Func<Tensor, Tensor> network)
        {
            List<TokenChunk> rows = [.. texts.SelectMany(chunks => chunks.Concat(Enumerable.Repeat(empty, count - chunks.Count)))];
            var text = network(Ids(rows));
            if (rows.Any(row => row.Weights.Any(weight => weight != 1)))
            {
                var weights = tensor(rows.SelectMany(row => row.Weights).Select(weight => (float)weight).ToArray(), device: text.device)
                    .view(rows.Count, -1, 1);
                var without = network(Ids(rows.Select(_ => empty)));
                text = where(weights.eq(1), text, without + (weights * (text - without))).to(text.dtype);
            }

            return text.reshape(texts.Count, -1, text.shape[^1]);
        }

        private Tensor Ids(IEnumerable<TokenChunk> rows) => TokenIds.Of([.. rows.Select(row => row.Ids)], model.Compute.Device);
    }
}
