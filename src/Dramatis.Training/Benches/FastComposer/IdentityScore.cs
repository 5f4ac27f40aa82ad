using static TorchSharp.torch;

namespace Dramatis.Benches.FastComposer;

/// <summary>How well faces are kept, as the published evaluation says it: 1 is the same face, 0 another or none.</summary>
/// <remarks>Shapes: G painted faces, the largest first; n people; F numbers of length 1 a face.</remarks>
internal static class IdentityScore
{
    /// <summary>Of one person, by the largest face of both pictures.</summary>
    /// <param name="painted">(G, F)</param>
    /// <param name="reference">(at least 1, F)</param>
    public static double Of(Tensor painted, Tensor reference)
    {
        using var scope = NewDisposeScope();
        return painted.shape[0] == 0 ? 0 : Math.Max(0, painted[0].dot(reference[0]).item<float>());
    }

    /// <summary>Of several people: the one that is kept worst.</summary>
    /// <param name="painted">(G, F); the largest n count.</param>
    /// <param name="references">(n, F)</param>
    /// <param name="nobody">What the network makes of a black picture (F): it stands for faces that are missing.</param>
    public static double Of(Tensor painted, Tensor references, Tensor nobody)
    {
        if (painted.shape[0] == 0)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        var (people, found) = (references.shape[0], Math.Min(painted.shape[0], references.shape[0]));
        var faces = cat([painted.narrow(0, 0, found), nobody.unsqueeze(0).expand(people - found, -1)]);
        return Math.Max(0, Match(faces.matmul(references.t())).Min());
    }

    /// <summary>Pairs the two that are most alike, then the next of the rest, and says how much alike they are.</summary>
    /// <param name="likeness">(n, n)</param>
    public static IReadOnlyList<double> Match(Tensor likeness)
    {
        var count = (int)likeness.shape[0];
        var left = likeness.to(float32).cpu().contiguous().data<float>().ToArray();
        var pairs = new double[count];
        for (var pair = 0; pair < count; pair++)
        {
            var best = Array.IndexOf(left, left.Max());
            pairs[pair] = left[best];

            // The reference does not strike them out: what is below -1 loses against them.
            for (var i = 0; i < count; i++)
            {
                left[(best / count * count) + i] = left[(i * count) + (best % count)] = -1;
            }
        }

        return pairs;
    }
}
