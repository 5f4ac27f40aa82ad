using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Prior;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>What a model's prior makes of words, where there is no picture.</summary>
internal sealed class Imagination : IDisposable
{
    private readonly BaseModel model;
    private readonly FeaturePrior prior;
    private readonly ClipTextEncoder? exact;

    private Imagination(BaseModel model, FeaturePrior prior)
    {
        this.model = model;
        this.prior = prior;

        // The states of two names may differ by less than half precision holds.
        exact = model.Folder.Loading.Precision == Precision.Fp32 ? null
            : ModelFolder.Open(model.Folder.Path, model.Folder.Loading with { Precision = Precision.Fp32 }).LoadTextEncoder();
    }

    /// <summary>Loads the model's prior, and refuses one that imagines for other networks.</summary>
    /// <exception cref="ModelNotFoundException">There is none.</exception>
    /// <exception cref="InvalidConfigException">Its settings are of another kind of prior.</exception>
    /// <exception cref="InvalidCheckpointException">It reads other texts, or makes features of another encoder.</exception>
    public static Imagination Load(BaseModel model, ClipVisionConfig vision, MsDiffusionConfig adapter)
    {
        var prior = model.Folder.LoadPrior();
        var wanted = prior.Config with
        {
            TextWidth = model.TextEncoder.Config.Tower.Width,
            FeatureWidth = vision.Tower.Width,
            Tokens = vision.Tokens,
            PenultimateFeatures = adapter.PenultimateFeatures,
        };
        if (prior.Config == wanted)
        {
            return new(model, prior);
        }

        prior.Dispose();
        throw new InvalidCheckpointException(
            model.Folder.PathOf(ModelNetwork.Prior.Name()),
            $"imagines {Features(prior.Config)}, but the model has {Features(wanted)}; train one for it with 'dramatis train prior', or take the folder away.");
    }

    public FeaturePrior Prior => prior;

    /// <summary>The features of one phrase (1, T, F), and its shape.</summary>
    /// <param name="phrase">As it stands in the prompt: a learned word is read by the encoder that has it.</param>
    public ImaginedFeatures Of(string phrase, LearnedParts learned)
    {
        using var scope = NewDisposeScope();
        var ids = model.Tokenizer.EncodeUnpadded(phrase);
        var encoder = learned.Word.Count > 0 ? model.TextEncoder : exact ?? model.TextEncoder;
        var states = PhraseStates.Of(encoder, [ids], model.Tokenizer.PaddingId, prior.Config.Reads, model.Compute.Device);
        if (learned.Residual is { } residual && Residual.OfLastToken(residual, ids.Length - 2, states.shape[1]) is { } row)
        {
            states = states + row.to(states.device);
        }

        var (features, aspect) = Of(states);
        return new(features.MoveToOuterDisposeScope(), aspect.MoveToOuterDisposeScope());
    }

    /// <summary>The features of phrases (M, T, F), and their shapes (M). Gradients flow to the states.</summary>
    /// <param name="states">(M, width of the text)</param>
    public ImaginedFeatures Of(Tensor states)
    {
        using var scope = NewDisposeScope();
        var (features, aspect) = prior.forward(states);
        return new(features.MoveToOuterDisposeScope(), aspect.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        prior.Dispose();
        exact?.Dispose();
    }

    private static string Features(FeaturePriorConfig config) => $"{config.Tokens} features of width {config.FeatureWidth}"
        + $"{(config.PenultimateFeatures ? "" : " of the last layer")} from texts of width {config.TextWidth}";
}
