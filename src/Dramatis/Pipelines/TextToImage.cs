using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>What the network is told in words.</summary>
/// <param name="Text">The text context (B, L, E).</param>
/// <param name="Pooled">The second encoder's pooled and projected text (B, P), where there is one.</param>
internal readonly record struct EncodedText(Tensor Text, Tensor? Pooled)
{
    public int RowCount => (int)Text.shape[0];
}

/// <summary>Texts and noise to pixels: encoder, sampling loop, decoder.</summary>
/// <remarks>Shapes: B rows, C latent channels, h x w cells, L text tokens, E text width, H x W pixels.</remarks>
internal sealed class TextToImage(BaseModel model)
{
    private readonly PromptEncoder encoder = new(model);
    private readonly LatentPainter painter = new(model.UNet, model.Vae, model.Compute);

    /// <summary>Unit noise (B, C, h, w) for the first latents.</summary>
    public Tensor Start(Noise noise, int rows, PixelSize size) => painter.Start(noise, rows, size);

    /// <summary>Latents (B, C, h, w) of unit noise of that shape.</summary>
    public Tensor Sample(TextToImageRun run, Tensor start, Noise noise, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var text = Encode(
            Rows(run, run.NegativePrompts, run.Prompts),
            Rows(run, run.SecondNegativePrompts ?? run.NegativePrompts, run.SecondPrompts ?? run.Prompts),
            run.SkipsLastTextLayer ? run.Prompts.Count : 0,
            run.Reading);
        return painter.Sample(run, text, start, noise, cancellationToken).MoveToOuterDisposeScope();
    }

    /// <summary>Pixels (B, 3, H, W) around [-1, 1].</summary>
    /// <exception cref="Errors.NotFiniteException">There are no such pixels.</exception>
    public Tensor Decode(Tensor latents, VaeOptions? options = null) => painter.Decode(latents, options);

    /// <summary>See <see cref="PromptEncoder.Encode"/>.</summary>
    public EncodedText Encode(IReadOnlyList<string?> texts, IReadOnlyList<string?>? second = null, int early = 0, PromptReading reading = default) =>
        encoder.Encode(texts, second, early, reading);

    private static IReadOnlyList<string?> Rows(TextToImageRun run, IReadOnlyList<string?> negative, IReadOnlyList<string?> positive) =>
        run.IsGuided ? [.. negative, .. positive] : positive;
}
