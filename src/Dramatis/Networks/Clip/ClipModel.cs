using Dramatis.Configs;
using Dramatis.Errors;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Clip;

/// <summary>Both towers of CLIP (Radford et al., 2021) as published together, with the keys of transformers.</summary>
/// <remarks>A picture (B, P) and a text (B, P) are alike as far as their directions are. Shapes: P projection.</remarks>
internal sealed class ClipModel : Module<Tensor, Tensor, (Tensor Pictures, Tensor Texts)>
{
    public ClipModel(ClipTextConfig text, ClipVisionConfig vision)
        : base(nameof(ClipModel))
    {
        Text = new ClipTextEncoder(text);
        Vision = new ClipVisionEncoder(vision);
        foreach (var (name, part) in Text.named_children().Concat(Vision.named_children()))
        {
            register_module(name, part);
        }

        register_parameter("logit_scale", Constant(Math.Log(1 / 0.07)));    // weighs similarities in training only
    }

    public ClipTextEncoder Text { get; }

    public ClipVisionEncoder Vision { get; }

    /// <exception cref="InvalidConfigException">A number is missing, malformed, or does not fit another.</exception>
    public static (ClipTextConfig Text, ClipVisionConfig Vision) ParseConfig(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        var width = config.Whole("projection_dim", 512);
        var text = config.Section("text_config") ?? throw new InvalidConfigException(
            path, "\"text_config\" is missing; it is no model of CLIP with both towers.");
        var vision = config.Section("vision_config") ?? throw new InvalidConfigException(
            path, "\"vision_config\" is missing; it is no model of CLIP with both towers.");
        return (ClipTextConfig.Read(text) with { Projection = width }, ClipVisionConfig.Read(vision) with { Projection = width });
    }

    /// <summary>Embeddings of pictures and of as many texts; see the towers for their arguments.</summary>
    public override (Tensor Pictures, Tensor Texts) forward(Tensor pixels, Tensor ids)
    {
        using var scope = NewDisposeScope();
        return (Vision.forward(pixels).Embedding.MoveToOuterDisposeScope(), Text.forward(ids).Projected!.MoveToOuterDisposeScope());
    }
}
