using static TorchSharp.torch;

namespace Dramatis.Networks.Clip;

/// <summary>Colours as CLIP's vision tower takes them.</summary>
public static class ClipPixels
{
    // Mean and deviation of the pictures that CLIP was trained on, red, green, blue (Radford et al., 2021).
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>Colours from 0 to 255 (B, H, W, 3), bytes or numbers, to normalised (B, 3, H, W), channels innermost in memory.</summary>
    public static Tensor Normalise(Tensor colours)
    {
        using var scope = NewDisposeScope();
        var unit = colours.to(ScalarType.Float32) / 255;
        var normal = (unit - tensor(Mean, device: colours.device)) / tensor(Deviation, device: colours.device);
        return normal.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
