namespace Dramatis.Schedules;

/// <summary>Where the sampler stands: step Index of Count, moving from Sigma to Next.</summary>
/// <param name="Index">From 0 to Count - 1.</param>
/// <param name="Sigma">Noise level σ of x = x0 + σ n before the step.</param>
/// <param name="Next">Noise level after the step; 0 when nothing is left.</param>
internal readonly record struct StepInfo(int Index, int Count, double Sigma, double Next)
{
    /// <summary>The part of the steps that is done, from 0 to below 1; 0 outside a run.</summary>
    public double Progress => Count == 0 ? 0 : (double)Index / Count;
}
