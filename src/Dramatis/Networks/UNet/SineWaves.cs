using static TorchSharp.torch;

namespace Dramatis.Networks.UNet;

/// <summary>Numbers as sines and cosines of many frequencies (Vaswani et al., 2017, section 3.5).</summary>
internal static class SineWaves
{
    /// <summary>(N) to (N, width), with angles x / 10000^(i / (width / 2 - shift)).</summary>
    public static Tensor Of(Tensor numbers, int width, UNetConfig config)
    {
        using var scope = NewDisposeScope();
        var half = width / 2;
        var i = arange(half, ScalarType.Float32, numbers.device);
        var frequencies = (-Math.Log(10000) * i / (half - config.FrequencyShift)).exp();
        var angles = numbers.to(ScalarType.Float32).unsqueeze(1) * frequencies;                    // (N, width / 2)
        var waves = config.CosineFirst ? cat([angles.cos(), angles.sin()], dim: 1) : cat([angles.sin(), angles.cos()], dim: 1);
        return waves.MoveToOuterDisposeScope();
    }
}
