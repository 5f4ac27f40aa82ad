using Dramatis.Networks.Clip;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Both encoders, and how sharply their embeddings are compared, as one module: its forward pass is the loss.</summary>
/// <remarks>Shapes: B pairs, S pixels a side, L tokens, P width of the embeddings.</remarks>
internal sealed class ContrastiveNetworks : Module<Tensor, Tensor, Tensor, Tensor>
{
    // Radford et al. (2021), section 2.4: a temperature of .07 at first, never sharper than 1/100.
    private const double FirstScale = 1 / .07;
    private const double LargestScale = 100;

    private readonly ClipTextEncoder text_encoder;
    private readonly ClipVisionEncoder image_encoder;
    private readonly Parameter logit_scale;

    public ContrastiveNetworks(ClipTextConfig text, ClipVisionConfig vision)
        : base(nameof(ContrastiveNetworks))
    {
        text_encoder = new ClipTextEncoder(text);
        image_encoder = new ClipVisionEncoder(vision);
        logit_scale = Tensors.Layers.Constant(Math.Log(FirstScale), []);
        RegisterComponents();
    }

    public ClipTextEncoder TextEncoder => text_encoder;

    public ClipVisionEncoder ImageEncoder => image_encoder;

    /// <summary>The symmetric cross-entropy of pictures and names (Radford et al., 2021, figure 3), a scalar.</summary>
    /// <param name="pixels">Colours from 0 to 255 (B, S, S, 3).</param>
    /// <param name="names">Token ids (B, L).</param>
    /// <param name="subjects">What each pair shows (B): two pairs of one subject are not held against each other.</param>
    public override Tensor forward(Tensor pixels, Tensor names, Tensor subjects)
    {
        using var scope = NewDisposeScope();
        var scale = logit_scale.exp().clamp(max: LargestScale);
        var logits = scale * Likeness(pixels, names);                                                  // (B, B)
        var own = arange(subjects.shape[0]);
        var again = subjects.unsqueeze(0).eq(subjects.unsqueeze(1)) & own.unsqueeze(0).ne(own.unsqueeze(1));
        logits = logits.masked_fill(again, float.NegativeInfinity);
        return ((functional.cross_entropy(logits, own) + functional.cross_entropy(logits.t(), own)) / 2).MoveToOuterDisposeScope();
    }

    /// <summary>Cosine of the angle between each picture's and each name's embedding (pictures, names).</summary>
    public Tensor Likeness(Tensor pixels, Tensor names)
    {
        using var scope = NewDisposeScope();
        var pictures = functional.normalize(image_encoder.forward(ClipPixels.Normalise(pixels)).Embedding, dim: -1);
        var texts = functional.normalize(text_encoder.forward(names).Pooled, dim: -1);                 // (B, P)
        return pictures.matmul(texts.t()).MoveToOuterDisposeScope();
    }
}
