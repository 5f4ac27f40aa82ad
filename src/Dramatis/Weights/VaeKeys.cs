namespace Dramatis.Weights;

/// <summary>Names that published VAE files have, to those of the network.</summary>
internal static class VaeKeys
{
    /// <summary>Files of before 2023 name the attention's layers otherwise; newer ones need no map.</summary>
    public static KeyMap Published { get; } = new([.. Parts().SelectMany(part => new[] { "weight", "bias" }.Select(kind =>
        ($"{part.Side}.mid_block.attentions.{{}}.{part.Old}.{kind}", $"{part.Side}.mid_block.attentions.{{}}.{part.New}.{kind}")))]);

    private static IEnumerable<(string Side, string Old, string New)> Parts()
    {
        foreach (var side in new[] { "encoder", "decoder" })
        {
            yield return (side, "query", "to_q");
            yield return (side, "key", "to_k");
            yield return (side, "value", "to_v");
            yield return (side, "proj_attn", "to_out.0");
        }
    }
}
