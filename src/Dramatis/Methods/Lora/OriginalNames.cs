using Dramatis.Networks.UNet;

namespace Dramatis.Methods.Lora;

/// <summary>What the original code of latent diffusion calls the blocks of a UNet: it numbers them in a row.</summary>
internal static class OriginalNames
{
    private static readonly (string Ours, string Original)[] Residual =
    [
        ("conv1", "in_layers.2"), ("time_emb_proj", "emb_layers.1"), ("conv2", "out_layers.3"), ("conv_shortcut", "skip_connection"),
    ];

    /// <summary>Our path of each block or layer, with the original one.</summary>
    public static IReadOnlyDictionary<string, string> Of(UNetConfig config) => All(config).ToDictionary(pair => pair.Ours, pair => pair.Original);

    /// <summary>The original path of a layer, by the longest beginning that is known.</summary>
    public static string? Find(IReadOnlyDictionary<string, string> names, string layer)
    {
        for (var end = layer.Length; end > 0; end = layer.LastIndexOf('.', end - 1))
        {
            if (names.TryGetValue(layer[..end], out var original))
            {
                return original + layer[end..];
            }
        }

        return null;
    }

    private static IEnumerable<(string Ours, string Original)> All(UNetConfig config)
    {
        var (levels, layers) = (config.BlockWidths.Count, config.LayersPerBlock);
        (string, string)[] ends =
        [
            ("conv_in", "input_blocks.0.0"), ("conv_out", "out.2"), ("time_embedding.linear_1", "time_embed.0"), ("time_embedding.linear_2", "time_embed.2"),
            ("add_embedding.linear_1", "label_emb.0.0"), ("add_embedding.linear_2", "label_emb.0.2"), ("mid_block.attentions.0", "middle_block.1"),
        ];
        var down = from level in Enumerable.Range(0, levels)
                   from layer in Enumerable.Range(0, layers)
                   from name in Block($"down_blocks.{level}", layer, $"input_blocks.{1 + (level * (layers + 1)) + layer}")
                   select name;
        var smaller = Enumerable.Range(0, levels - 1).Select(level => ($"down_blocks.{level}.downsamplers.0.conv", $"input_blocks.{(level + 1) * (layers + 1)}.0.op"));
        var up = from block in Enumerable.Range(0, levels)
                 from layer in Enumerable.Range(0, layers + 1)
                 from name in Block($"up_blocks.{block}", layer, $"output_blocks.{(block * (layers + 1)) + layer}")
                 select name;
        var larger = Enumerable.Range(0, levels - 1).Select(block => (
            $"up_blocks.{block}.upsamplers.0.conv",
            $"output_blocks.{((block + 1) * (layers + 1)) - 1}.{(config.Attention[levels - 1 - block] ? 2 : 1)}.conv"));
        return [.. ends, .. down, .. smaller, .. up, .. larger, .. Resnet("mid_block.resnets.0", "middle_block.0"), .. Resnet("mid_block.resnets.1", "middle_block.2")];
    }

    private static IEnumerable<(string, string)> Block(string ours, int layer, string original) =>
        [.. Resnet($"{ours}.resnets.{layer}", $"{original}.0"), ($"{ours}.attentions.{layer}", $"{original}.1")];

    private static IEnumerable<(string, string)> Resnet(string ours, string original) =>
        Residual.Select(pair => ($"{ours}.{pair.Ours}", $"{original}.{pair.Original}"));
}
