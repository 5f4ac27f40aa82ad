using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Projectors;

/// <summary>Turns each feature of a picture into a token.</summary>
/// <remarks>Shapes: M pictures, T features, F feature width, E token width.</remarks>
internal sealed class FeatureProjector : Module<Tensor, Tensor>
{
    private readonly Sequential proj;

    public FeatureProjector(int featureWidth, int tokenWidth)
        : base(nameof(FeatureProjector))
    {
        proj = Sequential(Linear(featureWidth, featureWidth), GELU(), Linear(featureWidth, tokenWidth), LayerNorm(tokenWidth));
        RegisterComponents();
    }

    public override Tensor forward(Tensor features) => proj.forward(features);    // (M, T, F) -> (M, T, E)
}
