using System.Diagnostics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training;

/// <summary>What a training will need, from the weights in memory and one picture done for real.</summary>
/// <param name="FrozenBytes">Weights that are used only.</param>
/// <param name="TrainedBytes">Weights that are trained, with their gradients, the optimiser's two means and the running average.</param>
/// <param name="PeakBytes">The most that the process has had, one picture forth and back among it.</param>
/// <param name="SecondsAPicture">Encoding, forth and back.</param>
public sealed record StageEstimate(long FrozenBytes, long TrainedBytes, long PeakBytes, double SecondsAPicture)
{
    private const int CopiesOfTrained = 5;

    internal static StageEstimate Of(TrainingStage stage, IEnumerable<Module> frozen)
    {
        using var scope = NewDisposeScope();
        var watch = Stopwatch.StartNew();
        using (var loss = stage.Loss(new(new(0, 1), 0, 1)))
        {
            loss.Total.backward();
        }

        var seconds = watch.Elapsed.TotalSeconds;
        stage.Networks.zero_grad();
        using var process = Process.GetCurrentProcess();
        return new(
            frozen.Sum(Bytes),
            CopiesOfTrained * Bytes(stage.Networks),
            process.PeakWorkingSet64,
            seconds);
    }

    private static long Bytes(Module network) => network.parameters().Sum(weight => weight.numel() * weight.element_size());
}
