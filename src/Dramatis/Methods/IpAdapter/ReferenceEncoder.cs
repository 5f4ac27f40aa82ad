using Dramatis.Checkpoints.Kinds;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Methods.IpAdapter;

/// <summary>Pictures to what an adapter reads of them.</summary>
/// <remarks>Shapes: M pictures of S x S pixels, L features of width C.</remarks>
internal sealed class ReferenceEncoder(ClipVisionEncoder encoder, IpAdapterConfig config)
{
    // The mean of CLIP's pictures, which normalises to zero: no colour says less to the encoder.
    public static readonly Rgb Nothing = new(123, 117, 104);

    private readonly Compute compute = Compute.Of(encoder);

    /// <summary>Why the encoder cannot serve the adapter, or null.</summary>
    public string? Misfit()
    {
        var reads = config.Source == TokenSource.Embedding ? "embeddings" : "features";
        var gives = config.Source == TokenSource.Embedding ? encoder.Config.Projection : encoder.Config.Tower.Width;
        return gives == config.FeatureWidth
            ? null
            : $"reads {reads} of width {config.FeatureWidth}{NameOf(config.FeatureWidth)}, but the model's image_encoder gives {gives}{NameOf(gives)}. "
                + "Put the encoder that it was trained with into the adapter's folder, as image_encoder.";
    }

    /// <summary>Embeddings (M, C) or features (M, L, C).</summary>
    public Tensor Encode(IReadOnlyList<Picture> references)
    {
        using var scope = NewDisposeScope();
        var side = encoder.Config.Side;
        return Encode([.. references.SelectMany(reference => Prepare(reference, side, config.Fit))]).MoveToOuterDisposeScope();
    }

    /// <summary>Embeddings (M, C) or features (M, L, C) of squares as <see cref="Prepare"/> makes them, one after another.</summary>
    public Tensor Encode(byte[] squares)
    {
        using var scope = NewDisposeScope();
        var side = encoder.Config.Side;
        return Encode(ClipPixels.Normalise(tensor(squares, device: compute.Device).view(-1, side, side, 3))).MoveToOuterDisposeScope();
    }

    /// <summary>What stands for no picture: the embedding zero, or the features of a picture that is zero everywhere when normalised.</summary>
    public Tensor EncodeNothing(int rows)
    {
        using var scope = NewDisposeScope();
        var side = encoder.Config.Side;
        return (config.Source == TokenSource.Embedding
            ? zeros(rows, config.FeatureWidth, compute.Type, compute.Device)
            : Encode(zeros(1, 3, side, side, compute.Type, compute.Device)).expand(rows, -1, -1)).MoveToOuterDisposeScope();
    }

    /// <summary>RGB bytes of a square, row by row. Resized as CLIP's own preparation does, then cut or filled.</summary>
    /// <remarks>
    /// A cut-out is what can be seen of it, on the colour that says nothing, where the reference implementation shows whatever its alpha hides.
    /// There is room for all of it then: it is never cut.
    /// </remarks>
    public static byte[] Prepare(Picture reference, int side, ReferenceFit fit)
    {
        var picture = reference.HasAlpha ? reference.CropToVisible().Over(Nothing) : reference;
        return (fit switch
        {
            ReferenceFit.Squeeze => picture.Resize(new(side, side)),
            ReferenceFit.Crop when !reference.HasAlpha => CentreCrop.Take(picture, side, side),
            ReferenceFit.Crop or ReferenceFit.Pad => Pad(picture, side),
            _ => throw new ArgumentOutOfRangeException(nameof(fit), fit, "is no way to make a square."),
        }).ToRgb();
    }

    private static Picture Pad(Picture picture, int side)
    {
        var longer = Math.Max(picture.Width, picture.Height);
        var size = new PixelSize(Math.Max(1, picture.Width * side / longer), Math.Max(1, picture.Height * side / longer));
        var (left, top) = (-((side - size.Width + 1) / 2), -((side - size.Height + 1) / 2));    // an odd pixel goes to the left and the top
        return picture.Resize(size).Crop(new(left, top, left + side, top + side)).Over(Nothing);
    }

    private Tensor Encode(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var features = encoder.forward(pixels.to(compute.Type));
        return (config.Source == TokenSource.Embedding ? features.Embedding : features.Penultimate).MoveToOuterDisposeScope();
    }

    private string NameOf(int width) =>
        (config.Source == TokenSource.Embedding ? PublishedClip.OfWidth(width) : PublishedClip.OfFeatures(width)) is { } clip ? $" (CLIP {clip.Title})" : "";
}
