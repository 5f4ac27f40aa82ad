using Dramatis.Networks.Clip;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>What the frozen encoders make of a sample.</summary>
/// <remarks>Shapes: C x h x w latents, L text tokens, E text width, n subjects, T features of width F, P phrase width.</remarks>
/// <param name="Mean">Of the latents' posterior (C, h, w), not scaled.</param>
/// <param name="Deviation">As the mean.</param>
/// <param name="Text">The caption (L, E).</param>
/// <param name="Pooled">SDXL's pooled caption; null for others.</param>
/// <param name="Phrases">(n, P)</param>
/// <param name="Features">(n, T, F)</param>
/// <param name="Places">(n, 4)</param>
/// <param name="Frame">What SDXL is told of sizes (6).</param>
public sealed record MsEncoded(
    Tensor Mean, Tensor Deviation, Tensor Text, Tensor? Pooled, Tensor Phrases, Tensor Features, Tensor Places, Tensor Frame);

/// <summary>The networks that a training of MS-Diffusion uses and does not train.</summary>
public sealed class MsEncoders(BaseModel model, ClipVisionEncoder vision, bool penultimateFeatures)
{
    public BaseModel Model => model;

    public ClipVisionConfig Vision => vision.Config;

    /// <summary>Encodes a sample; nothing of it gets gradients.</summary>
    public MsEncoded Encode(MsSample sample)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var pixels = PicturePixels.FromRgb([sample.Rgb], new(sample.Side, sample.Side));
        var posterior = model.Vae.Encode(pixels);
        var (text, pooled) = Text(sample.Text);
        var phrases = model.TextEncoder.forward(TokenIds.Of([.. sample.Subjects.Select(subject => model.Tokenizer.Encode(subject.Phrase))])).Pooled;
        var places = sample.Subjects.SelectMany(subject => subject.Place.Numbers()).ToArray();
        var references = tensor(sample.Subjects.SelectMany(subject => subject.Rgb).ToArray()).view(-1, Vision.Side, Vision.Side, 3);
        return new(
            posterior.Mean.squeeze(0).MoveToOuterDisposeScope(),
            posterior.Deviation().squeeze(0).MoveToOuterDisposeScope(),
            text.squeeze(0).MoveToOuterDisposeScope(),
            pooled?.squeeze(0).MoveToOuterDisposeScope(),
            phrases.MoveToOuterDisposeScope(),
            Features(ClipPixels.Normalise(references)).MoveToOuterDisposeScope(),
            tensor(places).view(-1, 4).MoveToOuterDisposeScope(),
            tensor(sample.Frame).MoveToOuterDisposeScope());
    }

    /// <summary>One caption as the network reads it (1, L, E), and pooled (1, P) for SDXL.</summary>
    public (Tensor Text, Tensor? Pooled) Text(string caption) =>
        Text(model, TokenIds.Of([model.Tokenizer.Encode(caption)]), model.SecondTokenizer is { } second ? TokenIds.Of([second.Encode(caption)]) : null);

    /// <summary>Captions by their token ids (B, L), those of the second encoder too.</summary>
    public static (Tensor Text, Tensor? Pooled) Text(BaseModel model, Tensor ids, Tensor? secondIds)
    {
        using var scope = NewDisposeScope();
        var first = model.TextEncoder.forward(ids);
        if (model.SecondTextEncoder is null)
        {
            return (first.LastHiddenState.MoveToOuterDisposeScope(), null);
        }

        var second = model.SecondTextEncoder.forward(secondIds!);
        return (
            cat([first.Penultimate, second.Penultimate], dim: -1).MoveToOuterDisposeScope(),
            second.Projected!.MoveToOuterDisposeScope());
    }

    /// <summary>What a reference that was dropped looks like (1, T, F): zeros after normalising, not a black picture.</summary>
    public Tensor NoFeatures()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Features(zeros(1, 3, Vision.Side, Vision.Side)).MoveToOuterDisposeScope();
    }

    private Tensor Features(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var features = vision.forward(pixels);
        return (penultimateFeatures ? features.Penultimate : features.LastHiddenState).MoveToOuterDisposeScope();
    }
}
