using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Benches.Metrics;

/// <summary>Pictures and texts to features in CLIP's space, for <see cref="FeatureScores"/>.</summary>
/// <remarks>Shapes: B pictures or texts, P projection, S pixels along one side of what the vision tower sees.</remarks>
internal sealed class ClipScorer : IDisposable
{
    private readonly ClipModel model;
    private readonly ClipTokenizer tokenizer;

    private ClipScorer(ClipModel model, ClipTokenizer tokenizer) => (this.model, this.tokenizer) = (model, tokenizer);

    /// <summary>Loads a folder of transformers that holds both towers and the tokenizer.</summary>
    /// <exception cref="Errors.DramatisException">A file is missing, damaged, or of another network.</exception>
    public static ClipScorer Load(string folder)
    {
        var part = ModelPart.Open(folder);
        var (text, vision) = ClipModel.ParseConfig(part.ReadConfig(), part.ConfigPath);
        var tokenizer = ClipTokenizer.FromFolder(folder);
        return new(part.Load(() => new ClipModel(text, vision)), tokenizer);
    }

    /// <summary>Pixels along one side of what the vision tower sees.</summary>
    public int Side => model.Vision.Config.Side;

    /// <summary>Token ids (B, L) as the text tower is given them.</summary>
    public Tensor Ids(IReadOnlyList<string> texts) => TokenIds.Of([.. texts.Select(tokenizer.Encode)]);

    /// <summary>Features (B, P) of texts; what is over 77 tokens does not count.</summary>
    public Tensor TextFeatures(IReadOnlyList<string> texts)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        return model.Text.forward(Ids(texts)).Projected!.MoveToOuterDisposeScope();
    }

    /// <summary>Features (B, P) of pictures of any sizes.</summary>
    public Tensor PictureFeatures(IReadOnlyList<Picture> pictures)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        return PixelFeatures(ClipPixels.Prepare(pictures, Side)).MoveToOuterDisposeScope();
    }

    /// <summary>Features (B, P) of pictures that are made ready already (B, 3, S, S).</summary>
    public Tensor PixelFeatures(Tensor pixels)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        return model.Vision.forward(pixels).Embedding.MoveToOuterDisposeScope();
    }

    public void Dispose() => model.Dispose();
}
