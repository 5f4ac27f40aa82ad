using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Gaussian noise that depends on the seed only: drawn on the CPU, one generator a picture.</summary>
internal class Noise(params IReadOnlyList<ulong> seeds) : IDisposable
{
    private readonly Generator[] pictures = [.. seeds.Select(seed => new Generator(seed, CPU))];

    /// <summary>One row for each picture, of the shape, type and device of x (B, …).</summary>
    public virtual Tensor Like(Tensor x)
    {
        using var scope = NewDisposeScope();
        var rows = pictures.Select(picture => randn(x.shape[1..], ScalarType.Float32, CPU, generator: picture));
        return stack([.. rows]).to(x.dtype, x.device).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Array.ForEach(pictures, picture => picture.Dispose());
        GC.SuppressFinalize(this);
    }
}
