using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>Image features of many pictures as short codes, alike for pictures that look alike and spread over all directions.</summary>
/// <remarks>
/// Features are standardised, brought to their principal directions with the spread of those evened half-way, and turned at random, so
/// that no number of a code says more than another. Shapes: N pictures, T features of width F, W numbers of a code.
/// </remarks>
internal static class PictureCodes
{
    private const uint Stream = 0xC0DE;

    private const int Directions = 128;

    /// <summary>How long the part of a code is that tells pictures apart.</summary>
    public const double Length = 2.5;

    // What is left of the place around which states stood before.
    private const double MeanKept = .6;

    /// <param name="features">(N, T, F)</param>
    /// <param name="around">What codes lie around (W): the mean of the states that they take the place of.</param>
    /// <returns>(N, W)</returns>
    public static Tensor Of(Tensor features, Tensor around, ulong seed)
    {
        using var scope = NewDisposeScope();
        var width = around.shape[0];
        var centred = features - features.mean([0], keepdim: true);
        var standard = (centred / centred.square().mean([0, 2], keepdim: true).sqrt()).flatten(1);           // (N, T F)

        // Scores are U S, from the eigenvectors U and eigenvalues S² of the likeness of pictures; evened half-way they are U S^.5.
        var (values, vectors) = linalg.eigh(standard.matmul(standard.t()).to(ScalarType.Float64));
        var count = Math.Min(Math.Min(Directions, width), values.shape[0]);
        var scores = vectors.narrow(1, -count, count) * values.narrow(0, -count, count).clamp(min: 0).pow(.25);
        using var generator = new Generator(new StableRandom(seed, 0, Stream).NextBits(), CPU);
        var (turn, _) = linalg.qr(randn([width, width], float64, generator: generator));
        var turned = scores.matmul(turn.narrow(0, 0, count));                                                // (N, W)
        return ((MeanKept * around) + (Length * nn.functional.normalize(turned, dim: -1)).to(around.dtype)).MoveToOuterDisposeScope();
    }
}
