using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods;

/// <summary>A method with its weights in memory, for one base model.</summary>
internal interface ILoadedMethod : IDisposable
{
    /// <summary>Prepares what acts on one picture. Rows are negative, positive; or positive alone without guidance.</summary>
    ConditioningSession Open(MethodOrder order);

    /// <summary>What it makes of the base model's weights for as long as it acts; null for nothing.</summary>
    WeightPatch? Patch => null;
}

/// <summary>What a method is told of a request.</summary>
internal sealed record MethodOrder
{
    /// <summary>The subjects that this method keeps; others of the same picture may be another method's.</summary>
    public required IReadOnlyList<CastMember> Cast { get; init; }

    /// <summary>What the encoder reads: the prompt without its marks.</summary>
    public required string Prompt { get; init; }

    /// <summary>Null for none.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>What a language model is told to do with the references; null is the method's usual words.</summary>
    public string? Instruction { get; init; }

    /// <summary>Size of the picture to be painted.</summary>
    public required PixelSize Size { get; init; }

    /// <summary>Whether a negative row comes before the positive one.</summary>
    public required bool HasNegativeRow { get; init; }

    /// <summary>How many calls the sampler makes beside one a step.</summary>
    public int ExtraCalls { get; init; }

    public LayoutOptions Layout { get; init; } = LayoutOptions.Usual;
}

/// <summary>A subject with its pictures decoded and its place decided.</summary>
/// <param name="References">None for a subject that something else keeps: what was learned of it, or what the model's prior imagines.</param>
/// <param name="Words">The characters of <see cref="MethodOrder.Prompt"/> that mean it.</param>
internal sealed record CastMember(Subject Subject, IReadOnlyList<Picture> References, Box Place, Range Words)
{
    /// <summary>How strongly it acts and when, for methods that act from the beginning where nothing is said.</summary>
    public Influence Influence => new(Subject.Strength, Subject.Start ?? 0, Subject.End);

    public LearnedParts Learned { get; init; } = LearnedParts.None;

    /// <summary>What its words have come to mean (1, width of the text), where another method changed that; null: what the text encoder reads.</summary>
    public Tensor? State { get; init; }

    /// <summary>The cells of the place, where the request says more than a box; null for all of the box.</summary>
    public RegionMask? Mask { get; init; }
}
