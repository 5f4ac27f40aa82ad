using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Toybox;
using TorchSharp;

namespace Dramatis.Training.Toybox;

/// <summary>The scenes that a training of the embedded model learns from: drawn and encoded once a run.</summary>
internal static class ScenePool
{
    /// <summary>The pool in the run's folder, made when there is none of this kind.</summary>
    /// <param name="scenes">Size and look as in the recipe.</param>
    public static LatentPool Open(
        string output,
        PoolRecipe recipe,
        SceneOptions scenes,
        SubjectBank bank,
        Backgrounds backgrounds,
        AutoencoderKL vae,
        IProgress<TrainingEvent>? progress,
        CancellationToken cancellationToken)
    {
        var folder = Path.Combine(output, "pool");
        if (LatentPool.Open(folder, recipe) is { } pool)
        {
            return pool;
        }

        progress?.Report(new ScenesBegun(recipe.Count));
        var workers = Compute.Of(vae).Device.type == DeviceType.CPU ? 1 : Environment.ProcessorCount;    // libtorch's own threads share the processor
        return new PoolMaker(bank, backgrounds, vae, scenes).Make(folder, recipe, workers, _ => { }, cancellationToken);
    }
}
