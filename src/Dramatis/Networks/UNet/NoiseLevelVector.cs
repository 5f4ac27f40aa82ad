using Dramatis.Conditioning;
using static TorchSharp.torch;

namespace Dramatis.Networks.UNet;

/// <summary>What all residual blocks of a network are told at a step.</summary>
internal static class NoiseLevelVector
{
    /// <summary>(B, time width), from the timesteps (B) and, where the network wants them, the pooled text and the sizes.</summary>
    public static Tensor Of(UNetConfig config, TimestepEmbedding time, TimestepEmbedding? add, Tensor timesteps, StepContext context)
    {
        using var scope = NewDisposeScope();
        var vector = time.forward(SineWaves.Of(timesteps, config.BlockWidths[0], config));
        if (add is null)
        {
            return vector.MoveToOuterDisposeScope();
        }

        var added = context.Added
            ?? throw new ArgumentException("This network needs the pooled text and the sizes of the picture (StepContext.Added).", nameof(context));
        var numbers = SineWaves.Of(added.Numbers.flatten(), config.Added!.NumberWidth, config).view(added.Numbers.shape[0], -1);    // (B, 6 F)
        return (vector + add.forward(cat([added.Pooled, numbers], dim: -1))).MoveToOuterDisposeScope();
    }
}
