using Dramatis.Benches.Metrics;
using Dramatis.Pictures;
using static TorchSharp.torch;

namespace Dramatis.Benches.MrBench;

/// <summary>The user's networks that tell how much alike pictures are; each may lack.</summary>
/// <param name="clip">Pictures (B, F), or null.</param>
/// <param name="text">A text (1, F) in the same space, or null.</param>
/// <param name="dino">Pictures (B, F) in another space, or null.</param>
internal sealed class MrEncoders(
    Func<IReadOnlyList<Picture>, Tensor>? clip, Func<string, Tensor>? text, Func<IReadOnlyList<Picture>, Tensor>? dino, params IDisposable?[] owned) : IDisposable
{
    /// <param name="clip">CLIP's folder with both towers (ViT-L/14 is usual); or null.</param>
    /// <param name="dino">DINO (ViT-S/16 is usual) or DINOv2; or null.</param>
    public static MrEncoders Load(string? clip, string? dino)
    {
        var clipScorer = clip is null ? null : ClipScorer.Load(clip);
        try
        {
            var dinoScorer = dino is null ? null : DinoScorer.Load(dino);
            return new(
                clipScorer is null ? null : clipScorer.PictureFeatures,
                clipScorer is null ? null : words => clipScorer.TextFeatures([words]),
                dinoScorer is null ? null : dinoScorer.Features,
                clipScorer,
                dinoScorer);
        }
        catch
        {
            clipScorer?.Dispose();
            throw;
        }
    }

    /// <summary>What a painted picture scores.</summary>
    /// <param name="references">Those that were shown.</param>
    public MrScores Score(Picture painted, Picture target, IReadOnlyList<Picture> references, string prompt)
    {
        using var scope = NewDisposeScope();
        return MrScores.Of(
            clip is null ? null : (clip([painted]), clip([target]), Each(clip), text!(prompt)),
            dino is null ? null : (dino([painted]), dino([target]), Each(dino)));

        // Of any sizes, and not all at once in memory.
        Tensor Each(Func<IReadOnlyList<Picture>, Tensor> encode) => cat([.. references.Select(reference => encode([reference]))]);
    }

    public void Dispose()
    {
        foreach (var one in owned)
        {
            one?.Dispose();
        }
    }
}
