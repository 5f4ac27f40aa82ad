using Dramatis.Errors;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Prior;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>What a model's encoders say of names and of the pictures that they mean.</summary>
/// <remarks>Shapes: N names, W width of the text, T features of width F.</remarks>
internal static class NameFeatures
{
    // As many texts or pictures are encoded at once.
    private const int Chunk = 64;

    /// <summary>Which features the model's MS-Diffusion reads, see <see cref="VisionFeatures.Tokens"/>.</summary>
    /// <exception cref="ModelNotFoundException">It does not say.</exception>
    public static bool ArePenultimate(ModelFolder model)
    {
        var settings = model.Adapter(MsDiffusionMethod.Name).Settings() ?? throw new ModelNotFoundException(
            model.Path, "its MS-Diffusion has no settings, which say what features it reads; give a folder with a config.json beside the weights.");
        return MsDiffusionConfig.Read(settings).PenultimateFeatures;
    }

    /// <summary>The states of texts (N, W).</summary>
    public static Tensor Read(ClipTextEncoder encoder, ClipTokenizer tokenizer, IReadOnlyList<string> texts, PhraseState state)
    {
        using var scope = NewDisposeScope();
        return cat([.. texts.Chunk(Chunk).Select(some =>
            PhraseStates.Of(encoder, [.. some.Select(tokenizer.EncodeUnpadded)], tokenizer.PaddingId, state))]).MoveToOuterDisposeScope();
    }

    /// <summary>The features of cut-outs before a plain ground (N, T, F).</summary>
    /// <param name="look">What pictures, as red, green and blue of each pixel, are changed by; null leaves them as they are.</param>
    public static Tensor See(ClipVisionEncoder encoder, IReadOnlyList<Cutout> cutouts, bool penultimate, Func<byte[], byte[]>? look = null)
    {
        using var scope = NewDisposeScope();
        var side = encoder.Config.Side;
        return cat([.. cutouts.Select(cutout => ToyboxPictures.Over(cutout, ReferencePixels.Ground)).Chunk(Chunk).Select(some =>
        {
            var pixels = tensor(some.Select(picture => ReferencePixels.Stretch(picture, side)).SelectMany(look ?? (rgb => rgb)).ToArray()).view(-1, side, side, 3);
            return encoder.forward(ClipPixels.Normalise(pixels)).Tokens(penultimate);
        })]).MoveToOuterDisposeScope();
    }
}
