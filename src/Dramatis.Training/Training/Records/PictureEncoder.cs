using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Records;

/// <summary>The networks of a base that turn pictures and captions into what its denoiser sees. Nothing of it gets gradients.</summary>
internal sealed class PictureEncoder(BaseModel model)
{
    public BaseModel Model => model;

    public EncodedPicture Encode(SquarePicture picture, string caption) =>
        Encode(picture.Rgb, new(picture.Side, picture.Side), picture.Frame, caption);

    /// <param name="rgb">Row by row.</param>
    /// <param name="frame">What SDXL is told of sizes (6).</param>
    public EncodedPicture Encode(byte[] rgb, PixelSize size, float[] frame, string caption)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var posterior = model.Vae.Encode(PicturePixels.FromRgb([rgb], size));
        var (text, pooled) = Text(caption);
        return new(
            posterior.Mean.squeeze(0).MoveToOuterDisposeScope(),
            posterior.Deviation().squeeze(0).MoveToOuterDisposeScope(),
            text.MoveToOuterDisposeScope(),
            pooled?.MoveToOuterDisposeScope(),
            tensor(frame).MoveToOuterDisposeScope());
    }

    /// <summary>Draws noise, and a picture from its posterior.</summary>
    /// <param name="timesteps">Number of noise levels.</param>
    /// <param name="noisiest">How often the last of them is drawn, beside all alike.</param>
    public DenoisingItem Draw(EncodedPicture picture, StableRandom random, int timesteps, double noisiest = 0)
    {
        using var scope = NewDisposeScope();
        var timestep = noisiest > 0 && random.Chance(noisiest) ? timesteps - 1 : (long)random.Below(timesteps);
        using var generator = new Generator(random.NextBits(), CPU);
        var latents = model.Vae.ToModel(picture.Mean + (picture.Deviation * randn(picture.Mean.shape, generator: generator)));
        var noise = randn(picture.Mean.shape, generator: generator);
        return new(latents.MoveToOuterDisposeScope(), noise.MoveToOuterDisposeScope(), timestep, picture.Text, picture.Pooled, picture.Frame);
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
