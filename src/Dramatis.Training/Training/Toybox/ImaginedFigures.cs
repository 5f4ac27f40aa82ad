using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>How near what a prior imagines is to what it should be.</summary>
/// <remarks>Shapes: M imagined subjects, N subjects, T standardised features of width F.</remarks>
internal static class ImaginedFigures
{
    /// <summary>The share of the features' spread that is met; both (M, T, F).</summary>
    public static double Explained(Tensor cells, Tensor wanted) => 1 - (functional.mse_loss(cells, wanted) / wanted.square().mean()).item<float>();

    /// <summary>How many others are nearer than the one that is meant (M).</summary>
    /// <param name="cells">(M, T, F)</param>
    /// <param name="all">(N, T, F)</param>
    /// <param name="rows">Which of all are meant (M).</param>
    public static Tensor Closer(Tensor cells, Tensor all, Tensor rows)
    {
        var distance = cdist(cells.flatten(1), all.flatten(1));
        return distance.lt(distance.gather(1, rows.unsqueeze(-1))).sum(1);
    }
}
