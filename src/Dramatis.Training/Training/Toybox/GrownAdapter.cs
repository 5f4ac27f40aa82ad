using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>The adapter of a denoiser that has grown: its layers have other numbers there, and some are new.</summary>
internal static class GrownAdapter
{
    /// <summary>Fills the adapter with the weights of the one before; layers that are new stay as they are.</summary>
    /// <param name="small">The attention sites of the denoiser before it grew.</param>
    /// <param name="large">Those of the grown one.</param>
    /// <exception cref="WeightMismatchException">The weights are those of another adapter.</exception>
    public static void Take(MsDiffusionAdapter adapter, TensorArchive weights, IReadOnlyList<AttentionSite> small, IReadOnlyList<AttentionSite> large)
    {
        var sites = large.ToDictionary(site => site.Path);
        var names = small.ToDictionary(NameOf, site => NameOf(sites[GrownUNet.NameOf(site.Path)]));
        Fill(adapter, adapter.Config with { Collage = null }, small, weights, name =>
        {
            var layer = names.Keys.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
            return layer is null ? name : names[layer] + name[layer.Length..];
        });
    }

    /// <summary>Fills the adapter with the weights of one that had no collage yet; its own adds nothing at first.</summary>
    /// <exception cref="WeightMismatchException">The weights are those of another adapter.</exception>
    public static void TakeWithoutCollage(MsDiffusionAdapter adapter, MsDiffusionConfig config, IReadOnlyList<AttentionSite> sites, TensorArchive weights) =>
        Fill(adapter, config, sites, weights, name => name);

    // What the adapter calls each weight of the one before.
    private static void Fill(
        MsDiffusionAdapter adapter, MsDiffusionConfig config, IReadOnlyList<AttentionSite> sites, TensorArchive weights, Func<string, string> nameOf)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var before = new MsDiffusionAdapter(config, sites);
        Checkpoint.LoadInto(before, weights);
        var own = adapter.state_dict();
        foreach (var (name, weight) in before.state_dict())
        {
            own[nameOf(name)].copy_(weight);
        }
    }

    private static string NameOf(AttentionSite site) => $"ms_adapter.{site.LayerNumber}.";
}
