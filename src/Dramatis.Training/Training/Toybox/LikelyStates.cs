using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>Where the state of a word would lie that meant what a picture shows: a linear map from features to states, by ridge regression.</summary>
/// <remarks>
/// Names are points far apart. A prior that is shown, between and around them, where pictures without a name would lie is smooth there,
/// so that a word that is learned by gradients finds its subject. Shapes: N named pictures, M pictures, T features of width F, W width of a state.
/// </remarks>
internal sealed class LikelyStates : OwnedTensors
{
    private const int Directions = 128;

    // Of the widest direction's variance: what is less is rounding.
    private const double Least = 1e-9;

    // Of the mean spread of a direction.
    private const double Ridge = .02;

    private readonly Tensor directions;    // (T F, d)
    private readonly Tensor map;           // (d, W)

    /// <param name="features">Of pictures that have names, with a mean of nothing (N, T, F).</param>
    /// <param name="states">Of these names, with a mean of nothing (N, W).</param>
    public LikelyStates(Tensor features, Tensor states)
    {
        using var scope = NewDisposeScope();
        var flat = features.flatten(1).to(ScalarType.Float64);
        var (values, vectors) = linalg.eigh(flat.matmul(flat.t()));
        var count = (int)Math.Min(Directions, values.gt(Least * values.max()).sum().item<long>());
        var scores = vectors.narrow(1, -count, count) * values.narrow(0, -count, count).sqrt();               // (N, d)
        directions = Own((flat.t().matmul(vectors.narrow(1, -count, count)) / values.narrow(0, -count, count).sqrt()).to(features.dtype));

        // Even directions: a ridge that is no more for one than for another.
        var spread = scores.square().mean([0]);
        var even = scores / spread.sqrt();
        var normal = even.t().matmul(even) + (Ridge * scores.shape[0] * eye(count, dtype: ScalarType.Float64));
        var solved = linalg.solve(normal, even.t().matmul(states.to(ScalarType.Float64)));
        map = Own((solved / spread.sqrt().unsqueeze(-1)).to(features.dtype));
    }

    /// <summary>The states (M, W) for features (M, T, F).</summary>
    public Tensor Of(Tensor features)
    {
        using var scope = NewDisposeScope();
        return features.flatten(1).matmul(directions).matmul(map).MoveToOuterDisposeScope();
    }
}
