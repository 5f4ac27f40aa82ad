using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;
using Microsoft.Extensions.Logging;

namespace Dramatis.Pipelines;

/// <summary>How an <see cref="ImageGenerator"/> paints. Immutable.</summary>
public sealed record PaintingOptions
{
    /// <summary>What names of models, ControlNets and LoRAs mean; null: requests give paths.</summary>
    public ModelCatalog? Catalog { get; init; }

    /// <summary>How models are read: device, precision, storage of weights.</summary>
    public ModelLoading Loading { get; init; } = new();

    /// <summary>What cuts subjects out of photographs with a busy ground; null leaves all grounds as they are.</summary>
    public ICutOut? CutOut { get; init; }

    /// <summary>What paths are relative to in the record that a picture carries; null leaves them as they are.</summary>
    public string? RecordFolder { get; init; }

    /// <summary>What a picture's record says instead of its request, for example names instead of files of this machine; null: the request.</summary>
    public Func<GenerationRequest, GenerationRequest>? Record { get; init; }

    /// <summary>After so many steps each there is a <see cref="Preview"/>; 0 for none.</summary>
    public int PreviewEvery { get; init; }

    /// <summary>Told of each request what came of it, and of notices; null for nobody. Prompts are not told.</summary>
    public ILogger? Logger { get; init; }
}
