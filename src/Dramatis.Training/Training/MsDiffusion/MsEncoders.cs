using Dramatis.Networks.Clip;
using Dramatis.Tensors;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>What the frozen encoders make of a sample.</summary>
/// <remarks>Shapes: n subjects, T features of width F, P phrase width.</remarks>
/// <param name="Phrases">(n, P)</param>
/// <param name="Features">(n, T, F)</param>
/// <param name="Places">(n, 4)</param>
internal sealed record MsEncoded(EncodedPicture Picture, Tensor Phrases, Tensor Features, Tensor Places)
{
    /// <summary>Back from what <see cref="Named"/> gave.</summary>
    public static MsEncoded From(IReadOnlyDictionary<string, Tensor> named) =>
        new(EncodedPicture.From(named), named["phrases"], named["features"], named["places"]);

    /// <summary>By names for a file.</summary>
    public IReadOnlyDictionary<string, Tensor> Named() =>
        new Dictionary<string, Tensor>(Picture.Named()) { ["phrases"] = Phrases, ["features"] = Features, ["places"] = Places };
}

/// <summary>The networks that a training of MS-Diffusion uses and does not train.</summary>
internal sealed class MsEncoders(BaseModel model, ClipVisionEncoder vision, bool penultimateFeatures)
{
    public PictureEncoder Pictures { get; } = new(model);

    public BaseModel Model => model;

    public ClipVisionConfig Vision => vision.Config;

    /// <summary>Encodes a sample; nothing of it gets gradients.</summary>
    public MsEncoded Encode(MsSample sample)
    {
        using var off = no_grad();
        var picture = Pictures.Encode(sample.Picture, sample.Text);
        using var scope = NewDisposeScope();
        var phrases = model.TextEncoder.forward(TokenIds.Of([.. sample.Subjects.Select(subject => model.Tokenizer.Encode(subject.Phrase))])).Pooled;
        var places = sample.Subjects.SelectMany(subject => subject.Place.Numbers()).ToArray();
        var references = tensor(sample.Subjects.SelectMany(subject => subject.Rgb).ToArray()).view(-1, Vision.Side, Vision.Side, 3);
        return new(
            picture,
            phrases.MoveToOuterDisposeScope(),
            Features(ClipPixels.Normalise(references)).MoveToOuterDisposeScope(),
            tensor(places).view(-1, 4).MoveToOuterDisposeScope());
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
        return vision.forward(pixels).Tokens(penultimateFeatures).MoveToOuterDisposeScope();
    }
}
