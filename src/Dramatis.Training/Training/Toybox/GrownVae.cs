using Dramatis.Errors;
using Dramatis.Networks.Vae;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>An autoencoder with more residual blocks a level than another one, or wider levels, which does at first what that one does.</summary>
/// <remarks>
/// A channel that becomes several is repeated, so that groups of channels keep their mean and deviation, and what reads it weighs the copies
/// differently with the old weight as their sum (Net2Net; Chen, Goodfellow, Shlens, 2016): equal copies would stay equal for ever.
/// New residual blocks begin by passing on what they get.
/// </remarks>
internal static class GrownVae
{
    private const string LastOfBlock = ".conv2.";
    private const string Queries = ".to_q.";

    /// <summary>How unlike the weights of copies are, as a fraction of the weight.</summary>
    private const double Unlikeness = .3;

    /// <summary>Loads the autoencoder in a model's folder and grows it.</summary>
    /// <param name="config">At each level a whole multiple of the channels that one has, and as many residual blocks or more.</param>
    /// <param name="seed">Of the weights of what is new.</param>
    /// <exception cref="InvalidCheckpointException">The folder's autoencoder does not fit into it.</exception>
    public static AutoencoderKL Load(string folder, VaeConfig config, ulong seed)
    {
        var part = ModelPart.Open(Path.Combine(folder, ModelNetwork.Vae.Name()));
        var small = ModelFolder.LoadVae(part);
        if (Describe(small.Config) == Describe(config))
        {
            return small;
        }

        using (small)
        {
            return Fits(small.Config, config)
                ? Grow(small, config, seed)
                : throw new InvalidCheckpointException(
                    part.ConfigPath, $"has an autoencoder ({Describe(small.Config)}) that cannot grow into the one of this training ({Describe(config)}).");
        }
    }

    private static string Describe(VaeConfig config) =>
        $"{config.LatentChannels} latent channels, levels of {string.Join(", ", config.BlockWidths)}, "
        + $"{config.LayersPerBlock} a level, {config.NormGroups} groups";

    private static bool Fits(VaeConfig small, VaeConfig large) =>
        small.LatentChannels == large.LatentChannels
        && small.NormGroups == large.NormGroups
        && small.LayersPerBlock <= large.LayersPerBlock
        && small.BlockWidths.Count == large.BlockWidths.Count
        && small.BlockWidths.Zip(large.BlockWidths).All(widths => widths.Second % widths.First == 0)
        && Changes(small).SequenceEqual(Changes(large));

    // Where the width stays, a residual block has no convolution around it.
    private static IEnumerable<bool> Changes(VaeConfig config) =>
        config.BlockWidths.Zip(config.BlockWidths.Skip(1)).Select(widths => widths.First != widths.Second);

    private static AutoencoderKL Grow(AutoencoderKL small, VaeConfig config, ulong seed)
    {
        var grown = new AutoencoderKL(config);
        using var off = no_grad();
        using var scope = NewDisposeScope();    // operations in place return further handles
        using var generator = new Generator(seed, CPU);
        var taken = small.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        foreach (var (name, weight) in grown.named_parameters())
        {
            if (taken.TryGetValue(name, out var old))
            {
                weight.copy_(Widen(name, old, weight.shape, generator));
            }
            else if (name.Contains(LastOfBlock, StringComparison.Ordinal))
            {
                init.zeros_(weight);
            }
        }

        return grown;
    }

    private static Tensor Widen(string name, Tensor old, long[] shape, Generator generator)
    {
        var wide = Repeat(old, shape, dim: 0);
        if (shape.Length > 1 && shape[1] > old.shape[1])
        {
            // Differences of the copies add up to nothing.
            var copies = shape[1] / old.shape[1];
            wide = Repeat(wide, shape, dim: 1) / copies;
            var unlike = (wide.abs() * Unlikeness * randn(shape, generator: generator)).unflatten(1, old.shape[1], copies);
            wide += (unlike - unlike.mean([2], keepdim: true)).flatten(1, 2);
        }

        // Logits add up over the queries' width, and are divided by its root.
        var isQuery = name.Contains(Queries, StringComparison.Ordinal);
        return isQuery ? wide * Math.Sqrt((double)old.shape[0] / shape[0]) : wide;
    }

    private static Tensor Repeat(Tensor values, long[] shape, int dim) =>
        shape[dim] == values.shape[dim] ? values : values.repeat_interleave(shape[dim] / values.shape[dim], dim);
}
