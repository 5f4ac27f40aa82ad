using Dramatis.Networks.Dino;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Benches.Metrics;

/// <summary>Pictures to features in DINO's space, for <see cref="FeatureScores"/>.</summary>
internal sealed class DinoScorer(DinoEncoder encoder) : IDisposable
{
    /// <summary>Loads DINO or DINOv2: see <see cref="DinoFiles.Load"/>.</summary>
    public static DinoScorer Load(string path) => new(DinoFiles.Load(path));

    /// <summary>Features (B, C) of pictures of any sizes.</summary>
    public Tensor Features(IReadOnlyList<Picture> pictures)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        return encoder.forward(DinoPixels.Prepare(pictures)).select(1, 0).MoveToOuterDisposeScope();
    }

    public void Dispose() => encoder.Dispose();
}
