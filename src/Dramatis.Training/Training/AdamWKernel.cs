using System.Runtime.Intrinsics;

namespace Dramatis.Training;

/// <summary>One step of AdamW (Loshchilov and Hutter, 2019, algorithm 2) and of a running average of the weights, in one pass over memory.</summary>
/// <param name="Rate">Learning rate over the bias correction of the mean, η / (1 - β1^t).</param>
/// <param name="Decay">What decay leaves of a weight, 1 - η λ.</param>
/// <param name="Deviation">Square root of the bias correction of the square, sqrt(1 - β2^t).</param>
/// <param name="Clip">Factor on the gradients.</param>
/// <param name="Follow">How far the average goes towards the weight.</param>
internal readonly record struct AdamWKernel(
    float Rate, float Decay, float Deviation, float Clip, float Beta1, float Beta2, float Epsilon, float Follow)
{
    // So many values are summed in single precision before they go into a sum in double precision.
    private const int Run = 1024;

    /// <summary>The sum of squares.</summary>
    public static unsafe double SquareSum(float* values, int count)
    {
        double total = 0;
        var i = 0;
        while (i + Vector512<float>.Count <= count)
        {
            var sum = Vector512<float>.Zero;
            for (var end = Math.Min(count, i + Run); i + Vector512<float>.Count <= end; i += Vector512<float>.Count)
            {
                var v = Vector512.Load(values + i);
                sum = Vector512.FusedMultiplyAdd(v, v, sum);
            }

            total += Vector512.Sum(sum);
        }

        for (; i < count; i++)
        {
            total += (double)values[i] * values[i];
        }

        return total;
    }

    /// <summary>Moves some weights, and empties their gradients for the next step.</summary>
    public unsafe void Apply(float* weight, float* gradient, float* mean, float* square, float* average, int count)
    {
        var i = 0;
        for (; i + Vector512<float>.Count <= count; i += Vector512<float>.Count)
        {
            var g = Vector512.Load(gradient + i) * Clip;
            var m = Vector512.FusedMultiplyAdd(g - Vector512.Load(mean + i), Vector512.Create(1 - Beta1), Vector512.Load(mean + i));
            var s = Vector512.FusedMultiplyAdd(g * g, Vector512.Create(1 - Beta2), Vector512.Load(square + i) * Beta2);
            var down = Vector512.Sqrt(s) / Vector512.Create(Deviation) + Vector512.Create(Epsilon);
            var w = (Vector512.Load(weight + i) * Decay) - (Rate * m / down);
            var a = Vector512.Load(average + i);
            m.Store(mean + i);
            s.Store(square + i);
            w.Store(weight + i);
            Vector512.FusedMultiplyAdd(w - a, Vector512.Create(Follow), a).Store(average + i);
            Vector512<float>.Zero.Store(gradient + i);
        }

        for (; i < count; i++)
        {
            var g = gradient[i] * Clip;
            mean[i] += (g - mean[i]) * (1 - Beta1);
            square[i] = (square[i] * Beta2) + (g * g * (1 - Beta2));
            weight[i] = (weight[i] * Decay) - (Rate * mean[i] / ((MathF.Sqrt(square[i]) / Deviation) + Epsilon));
            average[i] += (weight[i] - average[i]) * Follow;
            gradient[i] = 0;
        }
    }
}
