using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Networks.Dino;

namespace Dramatis.Weights;

/// <summary>DINO in the layouts in which it is published: a folder of transformers, or the original code's one file.</summary>
internal static class DinoFiles
{
    private const int PublishedHeadWidth = 64;

    private static readonly string[] ProjectionNames = ["query", "key", "value"];    // in the order in which the original holds them

    /// <summary>The original file's names, to those of the network.</summary>
    public static KeyMap Original { get; } = new(
        ("cls_token", "embeddings.cls_token"),
        ("pos_embed", "embeddings.position_embeddings"),
        ("patch_embed.proj.*", "embeddings.patch_embeddings.projection.*"),
        ("blocks.{}.norm1.*", "encoder.layer.{}.layernorm_before.*"),
        ("blocks.{}.attn.proj.*", "encoder.layer.{}.attention.output.dense.*"),
        ("blocks.{}.norm2.*", "encoder.layer.{}.layernorm_after.*"),
        ("blocks.{}.mlp.fc1.*", "encoder.layer.{}.intermediate.dense.*"),
        ("blocks.{}.mlp.fc2.*", "encoder.layer.{}.output.dense.*"),
        ("norm.*", "layernorm.*"))
    {
        Fused = [Projections("weight"), Projections("bias")],
    };

    private static KeyMap Published { get; } = new()
    {
        Ignored =
        [
            new("pooler.dense.weight", "no part of the feature, which is the class token itself"),
            new("pooler.dense.bias", "no part of the feature, which is the class token itself"),
        ],
    };

    /// <summary>Loads a network.</summary>
    /// <param name="path">A folder with <c>config.json</c>, or a file such as <c>dino_deitsmall16_pretrain.pth</c>.</param>
    /// <param name="heads">Heads of a network in the original's file, which cannot say; null where each is 64 wide, as in all published ones.</param>
    /// <exception cref="DramatisException">It is missing, damaged, or another network.</exception>
    public static DinoEncoder Load(string path, int? heads = null)
    {
        if (!File.Exists(path))
        {
            var part = ModelPart.Open(path);
            var config = DinoConfig.Parse(part.ReadConfig(), part.ConfigPath);
            return part.Load(() => new DinoEncoder(config), Published);
        }

        using var weights = TensorArchive.Open(path);
        var sizes = SizesOf(weights, heads);
        return Checkpoint.Load(() => new DinoEncoder(sizes), weights, Original);
    }

    private static DinoConfig SizesOf(TensorArchive weights, int? heads)
    {
        var (width, patch) = (Size("patch_embed.proj.weight", 0, 4), Size("patch_embed.proj.weight", 3, 4));
        var count = heads ?? Math.Max(1, width / PublishedHeadWidth);
        return width % count == 0 ? new()
        {
            Width = width,
            Layers = weights.CountLayers(layer => $"blocks.{layer}.norm1.weight"),
            Heads = count,
            InnerWidth = Size("blocks.0.mlp.fc1.weight", 0, 2),
            Side = (int)Math.Sqrt(Size("pos_embed", 1, 3) - 1) * patch,
            Patch = patch,
            OriginalPositions = true,
        }
        : throw new InvalidCheckpointException(weights.Path, $"is {width} wide, which {count} heads do not divide; say how many it has.");

        int Size(string name, int dimension, int rank) => weights.SideOf(name, dimension, rank, "DINO network");
    }

    private static FusedKey Projections(string kind) => new(
        $"blocks.{{}}.attn.qkv.{kind}",
        [.. ProjectionNames.Select(name => $"encoder.layer.{{}}.attention.attention.{name}.{kind}")]);
}
