using Dramatis.Checkpoints.Kinds;
using Dramatis.Networks.Clip;

namespace Dramatis.Weights;

/// <summary>Names that published CLIP files have, to those of the networks.</summary>
internal static class ClipKeys
{
    /// <summary>Why <c>logit_scale</c> is left out.</summary>
    public const string LogitScale = "weighs similarities in CLIP's own training";

    private const string OtherHalf = "the other half of CLIP, which this network does without";

    /// <summary>A text encoder in the layout of transformers; its file may hold the whole of CLIP.</summary>
    public static KeyMap PublishedText { get; } = new() { Ignored = [new("vision_model.*", OtherHalf), new("visual_projection.weight", OtherHalf)] };

    /// <summary>A vision encoder in that layout; likewise.</summary>
    public static KeyMap PublishedVision { get; } = new() { Ignored = [new("text_model.*", OtherHalf)] };

    /// <summary>A text encoder inside a single-file model; versions of before 2022-12 lack the first word.</summary>
    public static KeyMap InSingleFile { get; } = new(
        ("embeddings.*", "text_model.embeddings.*"),
        ("encoder.*", "text_model.encoder.*"),
        ("final_layer_norm.*", "text_model.final_layer_norm.*"));

    /// <summary>The layout of OpenCLIP, which SD 2 and the second encoder of SDXL have in a single file.</summary>
    public static KeyMap OpenClip(ClipTextConfig config) => new(
        ("positional_embedding", "text_model.embeddings.position_embedding.weight"),
        ("token_embedding.weight", LayerNames.TokenTable),
        ("transformer.resblocks.{}.ln_1.*", "text_model.encoder.layers.{}.layer_norm1.*"),
        ("transformer.resblocks.{}.ln_2.*", "text_model.encoder.layers.{}.layer_norm2.*"),
        ("transformer.resblocks.{}.attn.out_proj.*", "text_model.encoder.layers.{}.self_attn.out_proj.*"),
        ("transformer.resblocks.{}.mlp.c_fc.*", "text_model.encoder.layers.{}.mlp.fc1.*"),
        ("transformer.resblocks.{}.mlp.c_proj.*", "text_model.encoder.layers.{}.mlp.fc2.*"),
        ("ln_final.*", "text_model.final_layer_norm.*"))
    {
        Fused = [Projections("weight"), Projections("bias")],
        Reformed = [new("text_projection", "text_projection.weight", WeightForm.Transposed)],
        Ignored = [.. config.Projection is null ? WithoutProjection(config) : []],
    };

    private static FusedKey Projections(string kind) => new(
        $"transformer.resblocks.{{}}.attn.in_proj_{kind}",
        [.. "qkv".Select(letter => $"text_model.encoder.layers.{{}}.self_attn.{letter}_proj.{kind}")]);

    private static IEnumerable<IgnoredKey> WithoutProjection(ClipTextConfig config) =>
    [
        new($"transformer.resblocks.{config.Tower.Layers}.*", "SD 2 takes the text after the last layer but one, and never computes the last"),
    ];
}
