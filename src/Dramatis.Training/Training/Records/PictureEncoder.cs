using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Records;

/// <summary>The networks of a base that turn pictures and captions into what its denoiser sees. Nothing of it gets gradients.</summary>
internal sealed class PictureEncoder(BaseModel model)
{
    public BaseModel Model => model;

    public EncodedPicture Encode(SquarePicture picture, string caption)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var posterior = model.Vae.Encode(PicturePixels.FromRgb([picture.Rgb], new(picture.Side, picture.Side)));
        var (text, pooled) = Text(caption);
        return new(
            posterior.Mean.squeeze(0).MoveToOuterDisposeScope(),
            posterior.Deviation().squeeze(0).MoveToOuterDisposeScope(),
            text.MoveToOuterDisposeScope(),
            pooled?.MoveToOuterDisposeScope(),
            tensor(picture.Frame).MoveToOuterDisposeScope());
    }

    /// <summary>One caption as the network reads it (L, E), and pooled (P) for SDXL.</summary>
    public (Tensor Text, Tensor? Pooled) Text(string caption)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var secondIds = model.SecondTokenizer is { } second ? TokenIds.Of([second.Encode(caption)]) : null;
        var (text, pooled) = model.ReadText(TokenIds.Of([model.Tokenizer.Encode(caption)]), secondIds);
        return (text.squeeze(0).MoveToOuterDisposeScope(), pooled?.squeeze(0).MoveToOuterDisposeScope());
    }
}
