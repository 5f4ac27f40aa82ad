using Dramatis.Errors;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Training.EasyRef;

/// <summary>Conversations of a batch, filled up to one length.</summary>
/// <remarks>Shapes: B conversations, L tokens.</remarks>
/// <param name="Ids">(B, L)</param>
/// <param name="IsText">1, and 0 for what fills up (B, L).</param>
internal sealed record GroupText(Tensor Ids, Tensor IsText)
{
    /// <summary>Conversations side by side.</summary>
    /// <param name="length">Of all; null: that of the longest.</param>
    /// <exception cref="InvalidDataSetException">A conversation is longer; the reference would cut it, and pictures with it.</exception>
    public static GroupText Pad(IReadOnlyList<QwenMessage> messages, QwenChat chat, int? length)
    {
        var longest = messages.Max(message => message.Ids.Count);
        if (longest > length)
        {
            throw new InvalidDataSetException(
                "groups", $"a caption with its instruction and pictures makes {longest} tokens, and this stage reads {length}; shorten it, or train with more.");
        }

        var all = length ?? longest;
        return new(
            TokenIds.Of([.. messages.Select(message => Fill(message.Ids, chat.PaddingId))]),
            TokenIds.Of([.. messages.Select(message => Fill([.. message.Ids.Select(_ => 1)], 0))]));

        IReadOnlyList<int> Fill(IReadOnlyList<int> some, int padding)
        {
            var fill = Enumerable.Repeat(padding, all - some.Count);
            return chat.PadsLeft ? [.. fill, .. some] : [.. some, .. fill];
        }
    }
}
