using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Preparation;

/// <summary>Features in CLIP's space, by the vision encoder that a model has.</summary>
internal sealed class ClipFeatures : ISubjectFeatures
{
    private readonly ClipVisionEncoder encoder;

    private ClipFeatures(ClipVisionEncoder encoder, string fingerprint) => (this.encoder, Fingerprint) = (encoder, fingerprint);

    public string Fingerprint { get; }

    /// <param name="folder">A model with an <c>image_encoder</c>.</param>
    /// <exception cref="Errors.DramatisException">It is none, or has none.</exception>
    public static ClipFeatures Load(string folder)
    {
        var model = ModelFolder.Open(folder);
        return new(model.LoadImageEncoder(), model.Part(ModelNetwork.ImageEncoder).Fingerprint());
    }

    public float[] Of(Picture picture)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return encoder.forward(ClipPixels.Prepare([picture], encoder.Config.Side)).Embedding.data<float>().ToArray();
    }

    public void Dispose() => encoder.Dispose();
}
