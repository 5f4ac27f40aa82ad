using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Weights;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>An adapter on disk: our folder with settings, or the official <c>ms_adapter.bin</c> (or its tensors as safetensors) alone.</summary>
internal static class MsDiffusionFile
{
    /// <summary>Loads an adapter, and refuses one that was made for other networks.</summary>
    /// <exception cref="ModelNotFoundException">There are no weights.</exception>
    /// <exception cref="InvalidCheckpointException">It is of another base model, or needs another encoder.</exception>
    public static MsDiffusionAdapter Load(AdapterPart part, BaseModel model, ClipVisionConfig vision, ModelLoading? loading = null)
    {
        using var weights = part.OpenWeights();
        var config = part.Settings() is { } settings ? MsDiffusionConfig.Read(settings) : MsDiffusionConfig.Of(weights);
        Check(config, weights.Path, model.UNet.Config.TextWidth, vision.Tower.Width, model.TextEncoder.Config.Tower.Width);
        return Checkpoint.Load(() => new MsDiffusionAdapter(config, model.UNet.Sites), weights, loading: loading);
    }

    private static void Check(MsDiffusionConfig config, string path, int text, int features, int phrase)
    {
        var resampler = config.Resampler;
        var problem = resampler.OutputWidth != text
            ? $"is an adapter for {CheckpointKind.BaseOf(resampler.OutputWidth)}, but the model is {CheckpointKind.BaseOf(text)}; use the two that belong "
                + "together."
            : resampler.FeatureWidth != features
            ? $"needs a CLIP vision encoder of width {resampler.FeatureWidth}{EncoderOf(resampler.FeatureWidth)}, but image_encoder is {features} "
                + $"wide{EncoderOf(features)}; put the right one there."
            : resampler.PhraseWidth != phrase
            ? $"reads phrases of width {resampler.PhraseWidth}, but the model's text encoder is {phrase} wide; it is an adapter for another model."
            : null;
        if (problem is not null)
        {
            throw new InvalidCheckpointException(path, problem);
        }
    }

    private static string EncoderOf(int width) => PublishedClip.OfFeatures(width) is { } clip ? $" ({clip.Title})" : "";
}
