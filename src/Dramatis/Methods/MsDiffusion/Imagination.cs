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

    /// <summary>The features of one phrase (1, T, F), and its shape.</summary>
    public ImaginedFeatures Of(string phrase)
    {
        using var scope = NewDisposeScope();
        var states = PhraseStates.Of(
            exact ?? model.TextEncoder, [model.Tokenizer.EncodeUnpadded(phrase)], model.Tokenizer.PaddingId, prior.Config.Reads, model.Compute.Device);
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
