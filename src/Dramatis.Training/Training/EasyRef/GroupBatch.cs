using Dramatis.Conditioning;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Training.EasyRef;

/// <summary>The groups of a batch, as the language model reads them. Its tensors belong to it.</summary>
/// <remarks>Shapes: B samples, K conversations, the same number for each sample, L tokens, N patches, M tokens of pictures, T reference tokens, E their width.</remarks>
internal sealed class GroupBatch : OwnedTensors
{
    /// <summary>Of all pictures (N, 1176).</summary>
    public required Tensor Patches { get; init => field = Own(value); }

    /// <summary>Patches of each picture.</summary>
    public required IReadOnlyList<Grid> Grids { get; init; }

    /// <summary>Token ids (K, L).</summary>
    public required Tensor Ids { get; init => field = Own(value); }

    /// <summary>0 for padding (K, L); null where there is none.</summary>
    public Tensor? IsText { get; init => field = Own(value); }

    /// <summary>Where pictures' tokens go, in the conversations one after another (M).</summary>
    public required Tensor Places { get; init => field = Own(value); }

    /// <summary>Conversations of a sample: one, or one for each picture.</summary>
    public int Each { get; init; } = 1;

    /// <summary>Conversations that pictures and texts make.</summary>
    /// <param name="samples">Pictures of each, and its text.</param>
    /// <param name="aggregation">How pictures come together.</param>
    /// <param name="length">Tokens that conversations are filled up to; null: to the longest.</param>
    /// <exception cref="Errors.InvalidDataSetException">A conversation is longer.</exception>
    public static GroupBatch Of(IReadOnlyList<(IReadOnlyList<VisionPatches> Pictures, string Text)> samples, QwenChat chat, GroupAggregation aggregation, int? length)
    {
        using var scope = NewDisposeScope();
        (IReadOnlyList<VisionPatches> Pictures, string Text)[] talks = aggregation == GroupAggregation.Tokens
            ? [.. samples]
            : [.. samples.SelectMany(sample => sample.Pictures.Select(picture => ((IReadOnlyList<VisionPatches>)[picture], sample.Text)))];
        QwenMessage[] messages = [.. talks.Select(talk => chat.Say([.. talk.Pictures.Select(picture => picture.Tokens)], talk.Text))];
        var text = GroupText.Pad(messages, chat, length);
        var padded = (int)text.Ids.shape[1];
        var places = messages.Index().SelectMany(item => item.Item.Pictures.SelectMany(span => Enumerable.Range(span.Start, span.Count))
            .Select(place => ((long)item.Index * padded) + place + (chat.PadsLeft ? padded - item.Item.Ids.Count : 0)));
        VisionPatches[] all = [.. talks.SelectMany(talk => talk.Pictures)];
        return new()
        {
            Patches = cat([.. all.Select(picture => picture.Pixels)]),
            Grids = [.. all.Select(picture => picture.Grid)],
            Ids = text.Ids,
            IsText = Array.TrueForAll(messages, message => message.Ids.Count == padded) ? null : text.IsText,
            Places = tensor(places.ToArray()),
            Each = talks.Length / samples.Count,
        };
    }

    /// <summary>What the denoiser reads of the groups (B, T, E); joined, T times as many as there are pictures.</summary>
    public Tensor Encode(EasyRefNetwork network, FinalAttention attention, GroupAggregation aggregation)
    {
        using var scope = NewDisposeScope();
        var looks = network.Vision.forward(Patches, Grids);                                          // (M, C)
        var rows = network.Language.Embed(Ids);                                                      // (K, L, C)
        var mixed = rows.flatten(0, 1).index_copy(0, Places, looks).view(rows.shape);
        var tokens = network.Encode(mixed, attention, IsText);                                       // (K, T, E)
        var apart = tokens.unflatten(0, -1, Each);                                                   // (B, K / B, T, E)
        return (aggregation == GroupAggregation.Joined ? apart.flatten(1, 2) : apart.mean([1])).MoveToOuterDisposeScope();
    }

    /// <summary>Opens a session on them.</summary>
    public ConditioningSession Open(EasyRefNetwork network, FinalAttention attention, GroupAggregation aggregation)
    {
        using var scope = NewDisposeScope();
        return new ImageTokenSession(new ImageTokens { Tokens = Encode(network, attention, aggregation), Projections = network.Projections });
    }
}
