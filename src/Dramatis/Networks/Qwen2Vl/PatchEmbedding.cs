using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Patches to states: a convolution whose kernel is one patch, and so a product.</summary>
/// <remarks>Shapes: N patches, P numbers of a patch (channel, frame, row, column), C width.</remarks>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Kernel proj;

    public PatchEmbedding(VisionTowerConfig config)
        : base(nameof(PatchEmbedding))
    {
        proj = new Kernel(config);
        RegisterComponents();
    }

    public override Tensor forward(Tensor patches) => proj.forward(patches);    // (N, P) -> (N, C)

    private sealed class Kernel : Module<Tensor, Tensor>, INarrowLayer
    {
        private readonly Parameter weight;

        public Kernel(VisionTowerConfig config)
            : base(nameof(Kernel))
        {
            weight = Normal(1 / Math.Sqrt(config.PatchNumbers), config.Width, config.Channels, config.Frames, config.Patch, config.Patch);
            RegisterComponents();
        }

        Parameter INarrowLayer.Weight => weight;

        public override Tensor forward(Tensor patches)
        {
            using var scope = NewDisposeScope();
            return functional.linear(patches, weight.flatten(1).to(patches.dtype)).MoveToOuterDisposeScope();
        }
    }
}
