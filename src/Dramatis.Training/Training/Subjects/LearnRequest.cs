using Dramatis.Requests;

namespace Dramatis.Training.Subjects;

/// <summary>One learning of subjects. Immutable; derive variants with <c>with</c>. What is null is as the method usually has it.</summary>
public sealed record LearnRequest
{
    /// <summary>For example <c>lora</c>.</summary>
    [Field(Cure = "name the way to learn, for example \"lora\"")]
    public required string Method { get; init; }

    /// <summary>Path of the base model: a folder, or a single file. A host puts the path in place of a name of its catalogue, or of nothing.</summary>
    [Field(Path = FieldPath.Model)]
    public string? Model { get; init; }

    /// <summary>Several are learned together, by the methods that can.</summary>
    [Field(Cure = "say what is to be learned")]
    public required IReadOnlyList<LearnSubject> Subjects { get; init => field = new ValueList<LearnSubject>(value); }

    /// <summary>Folder of the run: a run that was stopped there goes on. A host may put it there; none is refused.</summary>
    [Field(Path = FieldPath.File)]
    public string Output { get; init; } = "";

    /// <summary>What the method alone lets choose: a record of its own, for example <c>LoraSettings</c>.</summary>
    public LearnSettings? Settings { get; init; }

    /// <summary>Of the optimiser.</summary>
    [Field(Least = 1)]
    public long? Steps { get; init; }

    /// <summary>Pictures a step.</summary>
    [Field(Least = 1)]
    public int? Batch { get; init; }

    /// <summary>Of the optimiser, above 0.</summary>
    [Field(Above = 0)]
    public double? LearningRate { get; init; }

    /// <summary>Pixels a side that pictures are cut to; null: the model's own.</summary>
    public int? Resolution { get; init; }

    /// <summary>Steps between two evaluations; null: a quarter of the way.</summary>
    [Field(Least = 1)]
    public long? EvaluateEvery { get; init; }

    /// <summary>Of everything that is drawn.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Pictures of others of each subject's kind, painted by the model itself at first and kept; 0 is none.</summary>
    [Field(Least = 0)]
    public int? Prior { get; init; }

    /// <summary>How much they count beside the subject; null: as much.</summary>
    [Field(Least = 0)]
    public double? PriorWeight { get; init; }
}
