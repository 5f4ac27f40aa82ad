using Dramatis.Networks.Blocks;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Dino;

/// <summary>The stack of layers.</summary>
/// <remarks>Shapes: B pictures, T tokens, C width; all in and out (B, T, C).</remarks>
internal sealed class DinoLayers : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> layer;

    public DinoLayers(DinoConfig config)
        : base(nameof(DinoLayers))
    {
        layer = [.. Enumerable.Range(0, config.Layers)
            .Select(Module<Tensor, Tensor> (_) => config.IsSecond ? new SecondLayer(config) : new FirstLayer(config))];
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return layer.Aggregate(tokens.alias(), (x, one) => one.forward(x)).MoveToOuterDisposeScope();
    }

    /// <summary>A layer of DINO.</summary>
    private sealed class FirstLayer : Module<Tensor, Tensor>
    {
        private readonly LayerNorm layernorm_before;
        private readonly DinoAttention attention;
        private readonly LayerNorm layernorm_after;
        private readonly Dense intermediate;
        private readonly Dense output;

        public FirstLayer(DinoConfig config)
            : base(nameof(FirstLayer))
        {
            layernorm_before = LayerNorm(config.Width, config.NormEpsilon);
            attention = new DinoAttention(config);
            layernorm_after = LayerNorm(config.Width, config.NormEpsilon);
            intermediate = new Dense(config.Width, config.InnerWidth);
            output = new Dense(config.InnerWidth, config.Width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var h = x + attention.forward(layernorm_before.forward(x));
            var inner = functional.gelu(intermediate.forward(layernorm_after.forward(h)));
            return (h + output.forward(inner)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A layer of DINOv2.</summary>
    private sealed class SecondLayer : Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm1;
        private readonly DinoAttention attention;
        private readonly LayerScale layer_scale1;
        private readonly LayerNorm norm2;
        private readonly Mlp mlp;
        private readonly LayerScale layer_scale2;

        public SecondLayer(DinoConfig config)
            : base(nameof(SecondLayer))
        {
            norm1 = LayerNorm(config.Width, config.NormEpsilon);
            attention = new DinoAttention(config);
            layer_scale1 = new LayerScale(config.Width);
            norm2 = LayerNorm(config.Width, config.NormEpsilon);
            mlp = new Mlp(config.Width, config.InnerWidth, Mlp.Gelu);
            layer_scale2 = new LayerScale(config.Width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var h = x + layer_scale1.forward(attention.forward(norm1.forward(x)));
            return (h + layer_scale2.forward(mlp.forward(norm2.forward(h)))).MoveToOuterDisposeScope();
        }
    }

    private sealed class LayerScale : Module<Tensor, Tensor>
    {
        private readonly Parameter lambda1;

        public LayerScale(int width)
            : base(nameof(LayerScale))
        {
            lambda1 = Constant(1, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => x * lambda1;
    }
}
