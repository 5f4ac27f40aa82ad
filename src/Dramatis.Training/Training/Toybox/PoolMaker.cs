using System.Runtime.InteropServices;
using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Toybox;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>Draws the scenes of a pool and encodes them.</summary>
internal sealed class PoolMaker(SubjectBank bank, Backgrounds backgrounds, AutoencoderKL vae, SceneOptions options)
{
    private const int UsualChunk = 32;

    // As many pixels whatever their size.
    private readonly int chunk = Math.Max(1, UsualChunk * SceneMaker.Side * SceneMaker.Side / (options.Side * options.Side));

    /// <summary>Makes a pool, as many chunks at a time as there are workers.</summary>
    /// <param name="workers">Threads; each computes with the library's own number of threads.</param>
    /// <param name="report">Told how many scenes are done.</param>
    public LatentPool Make(string folder, PoolRecipe recipe, int workers, Action<int> report, CancellationToken cancellationToken)
    {
        var many = new SceneMaker(bank, backgrounds, recipe.Seed, options);
        var named = new SceneMaker(
            bank, backgrounds, recipe.Seed + 1, options with { OnlyCommon = true, Counts = [0, .75, .25], Sizes = (.5, .85) });
        var remembered = new PoolScene[recipe.Count];
        var side = options.Side / vae.Config.Factor;
        return LatentPool.Write(folder, recipe, [vae.Config.LatentChannels, side, side], remembered, stream =>
        {
            for (var first = 0; first < recipe.Count; first += workers * chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var done = new byte[workers][];
                Parallel.For(0, workers, new() { MaxDegreeOfParallelism = workers }, worker =>
                    done[worker] = Encode(first + (worker * chunk)));
                Array.ForEach(done, bytes => stream.Write(bytes));
                report(Math.Min(recipe.Count, first + (workers * chunk)));
            }
        });

        byte[] Encode(int first)
        {
            var scenes = Enumerable.Range(first, Math.Clamp(recipe.Count - first, 0, chunk))
                .Select(i => i < recipe.Scenes ? many.Make(i) : named.Make(i - recipe.Scenes))
                .ToArray();
            for (var i = 0; i < scenes.Length; i++)
            {
                remembered[first + i] = new(scenes[i].Background, scenes[i].Parts);
            }

            return scenes.Length == 0 ? [] : Latents(scenes);
        }
    }

    // Half precision, the most likely latents: the decoder was trained on them.
    private byte[] Latents(Scene[] scenes)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var pixels = PicturePixels.FromRgb([.. scenes.Select(scene => scene.Rgb)], new(options.Side, options.Side), Compute.Of(vae).Device);
        var latents = vae.LikelyLatents(pixels);
        return MemoryMarshal.AsBytes(latents.to(ScalarType.Float16).contiguous().cpu().data<Half>().ToArray().AsSpan()).ToArray();
    }
}
