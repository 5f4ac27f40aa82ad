namespace Dramatis.Networks.Blocks;

/// <summary>The numbers of one group normalisation of one picture.</summary>
/// <param name="Cells">Height times width of the feature map.</param>
internal readonly record struct NormSiluShape(int Cells, int Width, int Groups, double Epsilon)
{
    public int GroupWidth => Width / Groups;

    /// <summary>Values that share a mean.</summary>
    public double Count => (double)Cells * GroupWidth;
}
