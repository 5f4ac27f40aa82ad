using Dramatis.Pictures;
using OpenCvSharp;

namespace Dramatis.CutOut;

/// <summary>The colours of a subject and of its ground.</summary>
internal static class Colours
{
    private const int Levels = 8;    // of each of red, green and blue

    /// <summary>How alike the colours inside and outside of a mask are, from 0 to 1 (Bhattacharyya's coefficient).</summary>
    public static double Likeness(Picture picture, Mat mask)
    {
        mask.GetArray(out byte[] inside);
        var rgb = picture.ToRgb();
        var (subject, ground) = (new double[Levels * Levels * Levels], new double[Levels * Levels * Levels]);
        for (var i = 0; i < inside.Length; i++)
        {
            var colour = (LevelOf(rgb[3 * i]) * Levels * Levels) + (LevelOf(rgb[(3 * i) + 1]) * Levels) + LevelOf(rgb[(3 * i) + 2]);
            (inside[i] > 0 ? subject : ground)[colour]++;
        }

        return subject.Zip(ground, (a, b) => Math.Sqrt(a * b)).Sum() / Math.Sqrt(subject.Sum() * ground.Sum());
    }

    private static int LevelOf(byte value) => value * Levels / 256;
}
