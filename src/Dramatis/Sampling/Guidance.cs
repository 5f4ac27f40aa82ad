using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Classifier-free guidance (Ho and Salimans, 2022).</summary>
public static class Guidance
{
    /// <summary>Guided prediction (B, C, h, w) from the two halves of a doubled batch, negative rows first.</summary>
    /// <param name="strength">1 is the positive rows alone.</param>
    public static Tensor Guide(Tensor prediction, double strength)
    {
        using var scope = NewDisposeScope();
        var halves = prediction.chunk(2);
        return (halves[0] + (strength * (halves[1] - halves[0]))).MoveToOuterDisposeScope();
    }
}
