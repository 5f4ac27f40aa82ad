using Dramatis.Errors;

namespace Dramatis.Training.Preparation;

/// <summary>The models that find subjects in pictures, as paths; settings of an ONNX model are in the JSON file of the same name.</summary>
public sealed record PreparationModels
{
    /// <summary>ONNX model that finds phrases in pictures, such as Grounding DINO.</summary>
    public required string Detector { get; init; }

    /// <summary>ONNX model that masks what is in a box, such as SAM.</summary>
    public required string Segmenter { get; init; }

    /// <summary>ONNX model whose features match subjects across the frames of a clip, such as DINO; null where the data has no clips.</summary>
    public string? Features { get; init; }

    /// <summary>Instead of <see cref="Features"/> a model folder, whose image encoder matches them.</summary>
    public string? Model { get; init; }

    /// <exception cref="InvalidRequestException">Two models shall match subjects.</exception>
    internal ISubjectFeatures? OpenFeatures()
    {
        InvalidRequestException.ThrowUnless(Features is null || Model is null, "features",
            "subjects are matched by one model; give the features or the model, not both.");
        return Features is not null ? OnnxFeatures.Load(Features) : Model is not null ? ClipFeatures.Load(Model) : null;
    }
}
