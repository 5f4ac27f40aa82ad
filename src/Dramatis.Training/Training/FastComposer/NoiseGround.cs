using Dramatis.Pictures;
using Dramatis.Tensors;

namespace Dramatis.Training.FastComposer;

/// <summary>What training puts behind subjects: noise, so that nothing is learned of where they were.</summary>
internal static class NoiseGround
{
    // The reference draws none of the brightest level.
    private const int Levels = 255;

    public static Picture Make(PixelSize size, ulong seed)
    {
        var random = new StableRandom(seed, 0);
        var picture = new Picture(size.Width, size.Height);
        for (var i = 0; i < picture.Rgba.Length; i += 4)
        {
            var bits = random.NextBits();
            for (var channel = 0; channel < 3; channel++, bits >>= 16)
            {
                picture.Rgba[i + channel] = (byte)(((bits & 0xFFFF) * Levels) >> 16);
            }

            picture.Rgba[i + 3] = byte.MaxValue;
        }

        return picture;
    }
}
