using System.Diagnostics;

namespace Dramatis.Pictures;

/// <summary>The source pixels that one line of target pixels needs, with their weights as fixed-point numbers.</summary>
/// <remarks>
/// Follows Pillow's 8-bit resampling, so that pictures come out byte for byte equal: weights normalised in double,
/// then rounded to 22 bits.
/// </remarks>
internal sealed class ResizeWindow
{
    public const int Bits = 22;

    private readonly int[] weights;
    private readonly int longest;

    public ResizeWindow(int sourceLength, int targetLength, double from, double to, ResizeFilter filter)
    {
        var scale = (to - from) / targetLength;
        var stretch = Math.Max(scale, 1);    // shrinking: the window covers all pixels that fall together
        var reach = Support(filter) * stretch;
        longest = ((int)Math.Ceiling(reach) * 2) + 1;
        weights = new int[targetLength * longest];
        Starts = new int[targetLength];
        Lengths = new int[targetLength];
        Span<double> line = longest <= 1024 ? stackalloc double[longest] : new double[longest];
        for (var i = 0; i < targetLength; i++)
        {
            var centre = from + ((i + 0.5) * scale);
            var first = Math.Max((int)(centre - reach + 0.5), 0);
            var length = Math.Min((int)(centre + reach + 0.5), sourceLength) - first;
            (Starts[i], Lengths[i]) = (first, length);
            Weigh(line[..length], first - centre + 0.5, stretch, filter);
            for (var k = 0; k < length; k++)
            {
                var scaled = line[k] * (1 << Bits);
                weights[(i * longest) + k] = (int)(scaled + (scaled < 0 ? -0.5 : 0.5));
            }
        }
    }

    public int[] Starts { get; }

    public int[] Lengths { get; }

    public ReadOnlySpan<int> WeightsOf(int target) => weights.AsSpan(target * longest, Lengths[target]);

    private static void Weigh(Span<double> line, double offset, double stretch, ResizeFilter filter)
    {
        var sum = 0.0;
        for (var k = 0; k < line.Length; k++)
        {
            line[k] = Value(filter, (k + offset) / stretch);
            sum += line[k];
        }

        for (var k = 0; sum != 0 && k < line.Length; k++)
        {
            line[k] /= sum;
        }
    }

    private static double Support(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Box => 0.5,
        ResizeFilter.Bilinear or ResizeFilter.Hamming => 1,
        ResizeFilter.Bicubic => 2,
        ResizeFilter.Lanczos => 3,
        _ => throw new UnreachableException(),
    };

    private static double Value(ResizeFilter filter, double x) => filter switch
    {
        ResizeFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        ResizeFilter.Bilinear => Math.Max(1 - Math.Abs(x), 0),
        ResizeFilter.Hamming => Math.Abs(x) < 1 ? Sinc(x) * (0.54 + (0.46 * Math.Cos(Math.PI * x))) : 0,
        ResizeFilter.Bicubic => Cubic(Math.Abs(x)),
        ResizeFilter.Lanczos => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        _ => throw new UnreachableException(),
    };

    // Keys (1981), eq. 4 with a = -1/2.
    private static double Cubic(double x) => x switch
    {
        < 1 => (((1.5 * x) - 2.5) * x * x) + 1,
        < 2 => (((((x - 5) * x) + 8) * x) - 4) * -0.5,
        _ => 0,
    };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
