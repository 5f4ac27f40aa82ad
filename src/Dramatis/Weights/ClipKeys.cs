namespace Dramatis.Weights;

/// <summary>What published CLIP files hold besides the network's weights.</summary>
internal static class ClipKeys
{
    public static KeyMap Published { get; } = new()
    {
        Ignored =
        [
            new("text_model.embeddings.position_ids", "the numbers 0 to 76, not learned"),
            new("vision_model.embeddings.position_ids", "the numbers of the patches, not learned"),
        ],
    };
}
