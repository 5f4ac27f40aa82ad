using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Pipelines;

/// <summary>A picture to begin with, as latents, and what of it is painted anew.</summary>
/// <remarks>Shapes: B pictures painted, C latent channels, h x w cells, H x W pixels.</remarks>
internal sealed record PictureSource
{
    /// <summary>Above 0 to 1: the share of the steps that is taken.</summary>
    public required double Denoise { get; init; }

    /// <summary>(B, C, h, w); null where nothing needs them: all is noise at first, and the network itself is told what to keep.</summary>
    public Tensor? Latents { get; init; }

    /// <summary>1 where the picture is painted anew, 0 where it is kept (1, 1, h, w); null paints all of it anew.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>For networks that are told the mask: latents of the picture whose masked part is grey (B, C, h, w).</summary>
    public Tensor? Remainder { get; init; }

    /// <summary>Steps of a whole schedule to those taken.</summary>
    public Schedule Cut(Schedule whole) => whole.Tail(Denoise);

    /// <summary>The first x from unit noise (B, C, h, w). What is masked begins as nothing but noise when all steps are taken.</summary>
    public Tensor First(Tensor noise, Schedule schedule) => Latents is null || (Mask is not null && Denoise == 1)
        ? noise * schedule.StartScale
        : Latents + (schedule.Steps[0].Sigma * noise);

    /// <summary>What the network sees besides noisy latents, if anything (rows, 1 + C, h, w).</summary>
    public Tensor? Beside(long rows)
    {
        if (Remainder is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var shown = cat([Mask!.expand(Remainder.shape[0], -1, -1, -1), Remainder], dim: 1);
        return shown.repeat(rows / shown.shape[0], 1, 1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>What is kept, at the noise of the step's end, in the place of what was painted there; see <see cref="SamplingPlan.Amend"/>.</summary>
    /// <param name="noise">The unit noise that the run began with.</param>
    public Func<StepInfo, Tensor, Tensor>? Keep(Tensor noise, Schedule schedule) => Mask is null || Remainder is not null ? null : (step, x) =>
    {
        using var scope = NewDisposeScope();
        var kept = step.Index == step.Count - 1
            ? Latents! / schedule.EndScale
            : Latents! + (step.Next * noise);
        return ((Mask * x) + ((1 - Mask) * kept)).MoveToOuterDisposeScope();
    };

    /// <summary>Encodes a picture. Draws noise for it, and then for its remainder.</summary>
    /// <param name="picture">Opaque, of the size to be painted.</param>
    /// <param name="mask">Of the same size; null for none.</param>
    public static PictureSource Of(Picture picture, RegionMask? mask, double denoise, BaseModel model, Noise noise, VaeOptions? options = null)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var vae = new VaeCoder(model.Vae, options);
        var pixels = PicturePixels.FromRgb([picture.ToRgb()], picture.Size, model.Compute.Device);
        var isTold = model.PaintsIntoPictures;
        var latents = isTold && denoise == 1 ? null : Draw(pixels);
        if (mask is null)
        {
            return new() { Denoise = denoise, Latents = latents?.MoveToOuterDisposeScope() };
        }

        var painted = mask.ToPixels(pixels.device);                                               // (1, 1, H, W)
        var factor = model.Vae.Config.Factor;
        return new()
        {
            Denoise = denoise,
            Latents = latents?.MoveToOuterDisposeScope(),
            Mask = Cells(painted, factor).MoveToOuterDisposeScope(),
            Remainder = isTold ? Draw(pixels * (1 - painted)).MoveToOuterDisposeScope() : null,
        };

        Tensor Draw(Tensor x)
        {
            var posterior = vae.Encode(x);
            return model.Vae.ToModel(posterior.Sample(noise.Like(posterior.Mean)));
        }
    }

    // The reference goes by the pixel in each cell's corner: kept for parity. What is so thin that no cell near it is wholly inside would be lost
    // by that; there every cell counts that holds any of it.
    private static Tensor Cells(Tensor painted, int factor)
    {
        using var scope = NewDisposeScope();
        var corner = functional.interpolate(
            painted, [painted.shape[2] / factor, painted.shape[3] / factor], mode: InterpolationMode.Nearest);    // (1, 1, h, w)
        var touched = functional.max_pool2d(painted, factor);
        var filled = 1 - functional.max_pool2d(1 - painted, factor);
        var isThick = functional.max_pool2d(filled, 3, stride: 1, padding: 1);
        return maximum(corner, touched * (1 - isThick)).MoveToOuterDisposeScope();
    }
}
