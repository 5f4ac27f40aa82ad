using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>An image encoder whose patches have more pixels than another one's, of pictures larger by as much: as many tokens, each of which sees more detail.</summary>
internal static class GrownVision
{
    private const string Patches = "vision_model.embeddings.patch_embedding.weight";

    /// <summary>Whether a network is another one with larger patches of larger pictures.</summary>
    public static bool IsLargerThan(ClipVisionConfig small, ClipVisionConfig large) =>
        large.Patch > small.Patch && large.Patch % small.Patch == 0 && large.Tokens == small.Tokens
        && large with { Side = small.Side, Patch = small.Patch } == small;

    /// <summary>Fills the network with the weights of a smaller one: at first it sees of a picture what that one sees of the picture made smaller.</summary>
    /// <param name="config">Of the smaller one.</param>
    /// <exception cref="WeightMismatchException">The weights are those of another network.</exception>
    public static void Take(ClipVisionEncoder network, ClipVisionConfig config, TensorArchive weights)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var small = new ClipVisionEncoder(config);
        Checkpoint.LoadInto(small, weights);
        var times = network.Config.Patch / config.Patch;
        foreach (var (own, old) in network.named_parameters().Zip(small.named_parameters()))
        {
            own.parameter.copy_(own.name == Patches
                ? old.parameter.repeat_interleave(times, 2).repeat_interleave(times, 3) / (times * times)    // (width, 3, P, P): the mean of what was one pixel
                : old.parameter);
        }
    }
}
