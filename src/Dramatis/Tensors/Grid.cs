namespace Dramatis.Tensors;

/// <summary>The cells of a feature map.</summary>
internal readonly record struct Grid(int Width, int Height)
{
    public int Cells => Width * Height;
}
