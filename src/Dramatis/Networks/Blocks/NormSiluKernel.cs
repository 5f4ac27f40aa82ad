using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dramatis.Networks.Blocks;

/// <summary>Group normalisation and SiLU of one picture in one go, forwards and backwards, channels innermost in memory.</summary>
/// <remarks>
/// With a group's mean m and inverse deviation r: y = a x + b, a = r weight, b = bias - m a; z = y s, s = sigmoid(y).
/// libtorch's own channels-last gradient of the normalisation is some twenty times slower.
/// Shapes: x, z, dz, dx (P, C) for P cells; stats (G, 2) holds m, r; C is a multiple of <see cref="Lanes"/>.
/// </remarks>
internal static unsafe class NormSiluKernel
{
    /// <summary>Channels done at once.</summary>
    public const int Lanes = 16;

    // So many cells are summed in single precision before they go into a sum in double precision.
    private const int Run = 64;

    /// <summary>Whether the machine has the registers that make this worth it.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>z and the statistics of one picture.</summary>
    public static void Forward(in NormSiluShape shape, float* x, float* weight, float* bias, float* stats, float* z)
    {
        var width = shape.Width;
        var sums = stackalloc double[2 * width];
        for (var c = 0; c < width; c += Lanes)
        {
            Moments(x + c, shape, sums + c);
        }

        Statistics(shape, sums, stats);
        var affine = stackalloc float[2 * width];
        Affine(shape, weight, bias, stats, affine);
        for (var c = 0; c < width; c += Lanes)
        {
            var a = Vector512.Load(affine + c);
            var b = Vector512.Load(affine + width + c);
            for (var p = 0; p < shape.Cells; p++)
            {
                var at = ((nint)p * width) + c;
                var y = Vector512.FusedMultiplyAdd(Vector512.Load(x + at), a, b);
                (y * Sigmoid(y)).Store(z + at);
            }
        }
    }

    /// <summary>dx of one picture, and its share of the gradients of weight and bias, (2, C).</summary>
    public static void Backward(
        in NormSiluShape shape, float* x, float* weight, float* bias, float* stats, float* dz, float* dx, float* shares)
    {
        var width = shape.Width;
        var affine = stackalloc float[2 * width];
        var sums = stackalloc double[2 * width];
        Affine(shape, weight, bias, stats, affine);
        for (var c = 0; c < width; c += Lanes)
        {
            SiluGradient(x + c, dz + c, dx + c, shape, affine + c, sums + c);
        }

        var line = stackalloc float[2 * width];
        NormGradient(shape, weight, stats, sums, shares, line);
        for (var c = 0; c < width; c += Lanes)
        {
            var a = Vector512.Load(affine + c);
            var slope = Vector512.Load(line + c);
            var offset = Vector512.Load(line + width + c);
            for (var p = 0; p < shape.Cells; p++)
            {
                var at = ((nint)p * width) + c;
                var common = Vector512.FusedMultiplyAdd(Vector512.Load(x + at), slope, offset);
                Vector512.FusedMultiplyAdd(Vector512.Load(dx + at), a, common).Store(dx + at);
            }
        }
    }

    // Sums of x and of its squares over all cells, for 16 channels.
    private static void Moments(float* x, in NormSiluShape shape, double* sums)
    {
        var (sum, square) = (default(Total), default(Total));
        for (var start = 0; start < shape.Cells; start += Run)
        {
            var (s, q) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var end = Math.Min(start + Run, shape.Cells);
            for (var p = start; p < end; p++)
            {
                var v = Vector512.Load(x + ((nint)p * shape.Width));
                s += v;
                q = Vector512.FusedMultiplyAdd(v, v, q);
            }

            sum.Add(s);
            square.Add(q);
        }

        sum.Store(sums);
        square.Store(sums + shape.Width);
    }

    private static void Statistics(in NormSiluShape shape, double* sums, float* stats)
    {
        for (var group = 0; group < shape.Groups; group++)
        {
            double sum = 0, square = 0;
            for (var c = group * shape.GroupWidth; c < (group + 1) * shape.GroupWidth; c++)
            {
                sum += sums[c];
                square += sums[shape.Width + c];
            }

            var mean = sum / shape.Count;
            var variance = Math.Max(0, (square / shape.Count) - (mean * mean));
            stats[2 * group] = (float)mean;
            stats[(2 * group) + 1] = (float)(1 / Math.Sqrt(variance + shape.Epsilon));
        }
    }

    // a and b of y = a x + b, (2, C).
    private static void Affine(in NormSiluShape shape, float* weight, float* bias, float* stats, float* affine)
    {
        for (var c = 0; c < shape.Width; c++)
        {
            var group = c / shape.GroupWidth;
            affine[c] = weight[c] * stats[(2 * group) + 1];
            affine[shape.Width + c] = bias[c] - (stats[2 * group] * affine[c]);
        }
    }

    // dy = dz s (1 + y (1 - s)), left in dx; sums of dy x and dy over all cells, for 16 channels.
    private static void SiluGradient(float* x, float* dz, float* dx, in NormSiluShape shape, float* affine, double* sums)
    {
        var a = Vector512.Load(affine);
        var b = Vector512.Load(affine + shape.Width);
        var (product, sum) = (default(Total), default(Total));
        for (var start = 0; start < shape.Cells; start += Run)
        {
            var (q, s) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var end = Math.Min(start + Run, shape.Cells);
            for (var p = start; p < end; p++)
            {
                var at = (nint)p * shape.Width;
                var v = Vector512.Load(x + at);
                var y = Vector512.FusedMultiplyAdd(v, a, b);
                var gate = Sigmoid(y);
                var dy = Vector512.Load(dz + at) * gate * Vector512.FusedMultiplyAdd(y, Vector512<float>.One - gate, Vector512<float>.One);
                dy.Store(dx + at);
                q = Vector512.FusedMultiplyAdd(dy, v, q);
                s += dy;
            }

            product.Add(q);
            sum.Add(s);
        }

        product.Store(sums);
        sum.Store(sums + shape.Width);
    }

    // dx = a dy + slope x + offset: slope and offset (2, C), the same for all channels of a group.
    private static void NormGradient(in NormSiluShape shape, float* weight, float* stats, double* sums, float* shares, float* line)
    {
        for (var group = 0; group < shape.Groups; group++)
        {
            double mean = stats[2 * group], inverse = stats[(2 * group) + 1], product = 0, sum = 0;
            var (first, end) = (group * shape.GroupWidth, (group + 1) * shape.GroupWidth);
            for (var c = first; c < end; c++)
            {
                product += weight[c] * sums[c];
                sum += weight[c] * sums[shape.Width + c];
                shares[c] = (float)((sums[c] - (mean * sums[shape.Width + c])) * inverse);
                shares[shape.Width + c] = (float)sums[shape.Width + c];
            }

            var slope = ((sum * mean) - product) * inverse * inverse * inverse / shape.Count;
            var offset = -(slope * mean) - (sum * inverse / shape.Count);
            for (var c = first; c < end; c++)
            {
                line[c] = (float)slope;
                line[shape.Width + c] = (float)offset;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> y) => Vector512<float>.One / (Vector512<float>.One + Exp(-y));

    // exp(x) = 2^n exp(r) with |r| <= ln 2 / 2; the polynomial is that of the Cephes library, good to 2 units in the last place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-87f)), Vector512.Create(88f));
        var n = Vector512.Round(x * Vector512.Create(1.44269504f));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);

        var sum = Vector512.FusedMultiplyAdd(Vector512.Create(1.9875691500e-4f), r, Vector512.Create(1.3981999507e-3f));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(8.3334519073e-3f));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(4.1665795894e-2f));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1.6666665459e-1f));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(5.0000001201e-1f));
        sum = Vector512.FusedMultiplyAdd(sum, r * r, r + Vector512<float>.One);

        var power = Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n) + Vector512.Create(127), 23);
        return sum * power.AsSingle();
    }

    // 16 sums in double precision.
    private struct Total
    {
        private Vector512<double> lower;
        private Vector512<double> upper;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<float> values)
        {
            lower += Vector512.WidenLower(values);
            upper += Vector512.WidenUpper(values);
        }

        public readonly void Store(double* sums)
        {
            lower.Store(sums);
            upper.Store(sums + (Lanes / 2));
        }
    }
}
