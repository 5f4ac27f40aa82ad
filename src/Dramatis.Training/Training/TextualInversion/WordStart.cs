using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.TextualInversion;

/// <summary>The rows that a new word starts with: those of a word that is known.</summary>
internal static class WordStart
{
    /// <summary>The id of a word that is one token.</summary>
    /// <exception cref="InvalidRequestException">It is several tokens, or none.</exception>
    public static int IdOf(ClipTokenizer tokenizer, string word) => tokenizer.EncodeWords(word) is [var id]
        ? id
        : throw new InvalidRequestException(
            "subjects[0].initializer",
            $"\"{word}\" is {tokenizer.EncodeWords(word).Count} tokens for this model; give one short, common word that is near to the subject.");

    /// <summary>The ids of words of any number of tokens.</summary>
    /// <exception cref="InvalidRequestException">There are none.</exception>
    public static IReadOnlyList<int> IdsOf(ClipTokenizer tokenizer, string words) => tokenizer.EncodeWords(words) is { Count: > 0 } ids
        ? ids
        : throw new InvalidRequestException("subjects[0].kind", $"\"{words}\" is no token for this model; give a common word that is near to the subject.");

    /// <summary>So many copies of the mean of rows (n, C) of an encoder's vocabulary, to be trained.</summary>
    public static Parameter Rows(BaseModel model, ModelNetwork encoder, IReadOnlyList<int> ids, int count)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var table = model.NetworkOf(encoder)!.get_parameter(LayerNames.TokenTable)!;
        var start = table.index_select(0, tensor(ids.Select(id => (long)id).ToArray())).mean([0], keepdim: true);
        return (Parameter)Parameter(start.repeat(count, 1)).DetachFromDisposeScope();
    }
}
