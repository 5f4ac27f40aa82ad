using Dramatis.Networks.ControlNet;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;

namespace Dramatis.Weights;

/// <summary>Names of the original latent diffusion code (Rombach et al., 2022), to those of the networks here.</summary>
/// <remarks>That code numbers all blocks of a UNet in a row, each with its layers: 0 residual, 1 attention, then a change of size.</remarks>
internal static class LdmKeys
{
    private static readonly string[] Sides = ["encoder", "decoder"];

    private static readonly (string Ldm, string Ours)[] VaeAttention =
        [("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("proj_out", "to_out.0")];

    public static KeyMap UNet(UNetConfig config) => new([.. WholeWay(config)]);

    /// <summary>What the original code calls the blocks and layers of a UNet, by their paths here. Inside attentions both have the same names.</summary>
    public static IReadOnlyDictionary<string, string> OriginalNames(UNetConfig config) =>
        WholeWay(config).ToDictionary(rule => rule.To[..^".*".Length], rule => rule.From[..^".*".Length]);

    public static KeyMap ControlNet(ControlNetConfig config)
    {
        var last = 2 * (config.ConditionWidths.Count - 1);    // convolutions between the first and the last, each followed by a SiLU
        return new(
        [
            .. WayDown(config.Blocks),
            ("input_hint_block.0.*", "controlnet_cond_embedding.conv_in.*"),
            .. Enumerable.Range(0, last).Select(i => ($"input_hint_block.{2 * (i + 1)}.*", $"controlnet_cond_embedding.blocks.{i}.*")),
            ($"input_hint_block.{2 * (last + 1)}.*", "controlnet_cond_embedding.conv_out.*"),
            ("zero_convs.{}.0.*", "controlnet_down_blocks.{}.*"),
            ("middle_block_out.0.*", "controlnet_mid_block.*"),
        ]);
    }

    public static KeyMap Vae(VaeConfig config) => new(
    [
        .. VaeSide("encoder"),
        .. VaeSide("decoder"),
        ("encoder.down.{}.block.{}.nin_shortcut.*", "encoder.down_blocks.{}.resnets.{}.conv_shortcut.*"),
        ("encoder.down.{}.block.{}.*", "encoder.down_blocks.{}.resnets.{}.*"),
        ("encoder.down.{}.downsample.*", "encoder.down_blocks.{}.downsamplers.0.*"),

        // Here the levels count from the smallest feature map, there from the largest.
        .. config.BlockWidths.SelectMany((_, level) => VaeUp($"decoder.up.{level}", $"decoder.up_blocks.{config.BlockWidths.Count - 1 - level}")),
    ])
    {
        Reformed = [.. Sides.SelectMany(side => VaeAttention.Select(layer => new ReformedKey(
            $"{side}.mid.attn_1.{layer.Ldm}.weight", $"{side}.mid_block.attentions.0.{layer.Ours}.weight", WeightForm.OnePixelKernel)))],
    };

    private static IEnumerable<(string From, string To)> WholeWay(UNetConfig config) =>
        [.. WayDown(config), .. WayUp(config), ("out.0.*", "conv_norm_out.*"), ("out.2.*", "conv_out.*")];

    private static IEnumerable<(string From, string To)> WayDown(UNetConfig config)
    {
        yield return ("time_embed.0.*", "time_embedding.linear_1.*");
        yield return ("time_embed.2.*", "time_embedding.linear_2.*");
        yield return ("label_emb.0.0.*", "add_embedding.linear_1.*");
        yield return ("label_emb.0.2.*", "add_embedding.linear_2.*");
        yield return ("input_blocks.0.0.*", "conv_in.*");
        var position = 1;
        for (var level = 0; level < config.BlockWidths.Count; level++)
        {
            for (var layer = 0; layer < config.LayersPerBlock; layer++, position++)
            {
                foreach (var rule in Layer($"input_blocks.{position}", $"down_blocks.{level}", layer))
                {
                    yield return rule;
                }
            }

            yield return ($"input_blocks.{position++}.0.op.*", $"down_blocks.{level}.downsamplers.0.conv.*");
        }

        foreach (var rule in Layer("middle_block", "mid_block", 0).Concat(Resnet("middle_block.2", "mid_block.resnets.1")))
        {
            yield return rule;
        }
    }

    private static IEnumerable<(string From, string To)> WayUp(UNetConfig config)
    {
        var position = 0;
        for (var block = 0; block < config.BlockWidths.Count; block++)
        {
            var resizes = config.Attention[config.BlockWidths.Count - 1 - block] ? 2 : 1;
            yield return ($"output_blocks.{position + config.LayersPerBlock}.{resizes}.conv.*", $"up_blocks.{block}.upsamplers.0.conv.*");
            for (var layer = 0; layer <= config.LayersPerBlock; layer++, position++)
            {
                foreach (var rule in Layer($"output_blocks.{position}", $"up_blocks.{block}", layer))
                {
                    yield return rule;
                }
            }
        }
    }

    private static IEnumerable<(string From, string To)> Layer(string from, string to, int layer) =>
        [.. Resnet($"{from}.0", $"{to}.resnets.{layer}"), ($"{from}.1.*", $"{to}.attentions.{layer}.*")];

    private static IEnumerable<(string From, string To)> Resnet(string from, string to) =>
    [
        ($"{from}.in_layers.0.*", $"{to}.norm1.*"),
        ($"{from}.in_layers.2.*", $"{to}.conv1.*"),
        ($"{from}.emb_layers.1.*", $"{to}.time_emb_proj.*"),
        ($"{from}.out_layers.0.*", $"{to}.norm2.*"),
        ($"{from}.out_layers.3.*", $"{to}.conv2.*"),
        ($"{from}.skip_connection.*", $"{to}.conv_shortcut.*"),
    ];

    private static IEnumerable<(string From, string To)> VaeSide(string side) =>
    [
        ($"{side}.norm_out.*", $"{side}.conv_norm_out.*"),
        ($"{side}.mid.block_1.*", $"{side}.mid_block.resnets.0.*"),
        ($"{side}.mid.block_2.*", $"{side}.mid_block.resnets.1.*"),
        ($"{side}.mid.attn_1.norm.*", $"{side}.mid_block.attentions.0.group_norm.*"),
        .. VaeAttention.Select(layer => ($"{side}.mid.attn_1.{layer.Ldm}.*", $"{side}.mid_block.attentions.0.{layer.Ours}.*")),
    ];

    private static IEnumerable<(string From, string To)> VaeUp(string from, string to) =>
    [
        ($"{from}.block.{{}}.nin_shortcut.*", $"{to}.resnets.{{}}.conv_shortcut.*"),
        ($"{from}.block.{{}}.*", $"{to}.resnets.{{}}.*"),
        ($"{from}.upsample.*", $"{to}.upsamplers.0.*"),
    ];
}
