using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>What residual blocks are told about the noise level: sines and cosines of the timestep, through two linear layers.</summary>
/// <remarks>Shapes: timesteps (B) to (B, 4 W0), W0 being the width of the first level.</remarks>
internal sealed class TimestepEmbedding : Module<Tensor, Tensor>
{
    private readonly Linear linear_1;
    private readonly Linear linear_2;
    private readonly UNetConfig config;

    public TimestepEmbedding(UNetConfig config)
        : base(nameof(TimestepEmbedding))
    {
        this.config = config;
        var width = config.BlockWidths[0];
        linear_1 = Linear(width, 4 * width);
        linear_2 = Linear(4 * width, 4 * width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        var waves = Waves(timesteps).to(linear_1.weight!.dtype);
        return linear_2.forward(functional.silu(linear_1.forward(waves))).MoveToOuterDisposeScope();
    }

    // Vaswani et al. (2017), section 3.5, with angles t / 10000^(i / (W0 / 2 - shift)).
    private Tensor Waves(Tensor timesteps)
    {
        var half = config.BlockWidths[0] / 2;
        var i = arange(half, ScalarType.Float32, timesteps.device);
        var frequencies = (-Math.Log(10000) * i / (half - config.FrequencyShift)).exp();
        var angles = timesteps.to(ScalarType.Float32).unsqueeze(1) * frequencies;                  // (B, W0 / 2)
        return config.CosineFirst ? cat([angles.cos(), angles.sin()], dim: 1) : cat([angles.sin(), angles.cos()], dim: 1);
    }
}
