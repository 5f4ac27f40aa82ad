using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Classifier-free guidance (Ho and Salimans, 2022).</summary>
internal static class Guidance
{
    /// <summary>Guided prediction (B, C, h, w) from the two halves of a doubled batch, negative rows first.</summary>
    /// <param name="strength">1 is the positive rows alone.</param>
    /// <param name="rescale">How far the guided prediction gets the deviation of the positive one back (Lin et al., 2024, eq. 15 and 16).</param>
    public static Tensor Guide(Tensor prediction, double strength, double rescale = 0)
    {
        using var scope = NewDisposeScope();
        var halves = prediction.chunk(2);
        var guided = halves[0] + (strength * (halves[1] - halves[0]));
        if (rescale > 0)
        {
            var restored = guided * (halves[1].std([1, 2, 3], keepdim: true) / guided.std([1, 2, 3], keepdim: true));
            guided = (rescale * restored) + ((1 - rescale) * guided);
        }

        return guided.MoveToOuterDisposeScope();
    }
}
