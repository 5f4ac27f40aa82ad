using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Resampler;
using Dramatis.Weights;

namespace Dramatis.Training.MsDiffusion;

/// <summary>The adapter that a training begins with.</summary>
internal static class MsAdapterStart
{
    // The published resampler; for other bases as many layers of the base's own text width.
    private const int PublishedText = 2048;
    private const int PublishedWidth = 1280;
    private const int HeadWidth = 64;
    private const int Depth = 4;
    private const int Queries = 16;

    /// <summary>A new one: the resampler random, keys and values as those that the base has for its text.</summary>
    /// <param name="locality">Null for the published design.</param>
    public static MsDiffusionAdapter New(BaseModel model, ClipVisionConfig vision, Locality? locality = null)
    {
        var text = model.UNet.Config.TextWidth;
        var width = text == PublishedText ? PublishedWidth : text;
        var heads = Math.Max(1, width / HeadWidth);
        var adapter = new MsDiffusionAdapter(
            new()
            {
                PenultimateFeatures = locality is null,
                Resampler = new()
                {
                    Width = width,
                    Depth = Depth,
                    Heads = heads,
                    HeadWidth = width / heads,
                    Queries = locality?.Tokens ?? Queries,
                    FeatureWidth = vision.Tower.Width,
                    PhraseWidth = model.TextEncoder.Config.Tower.Width,
                    OutputWidth = text,
                    Locality = locality,
                },
            },
            model.UNet.Sites);
        ProjectionStart.CopyText(model.UNet, site => adapter.Projections[site]);
        return adapter;
    }

    /// <summary>One that is there already.</summary>
    /// <param name="folder">A model folder with an adapter, for example that of an earlier training.</param>
    /// <exception cref="Errors.ModelNotFoundException">It has none.</exception>
    /// <exception cref="Errors.InvalidCheckpointException">It is of another base model, or needs another encoder.</exception>
    public static MsDiffusionAdapter From(string folder, BaseModel model, ClipVisionConfig vision) =>
        MsDiffusionFile.Load(new(AdapterFolder.In(folder, MsDiffusionMethod.Name)), model, vision);
}
