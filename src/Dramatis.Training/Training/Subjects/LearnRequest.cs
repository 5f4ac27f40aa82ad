namespace Dramatis.Training.Subjects;

/// <summary>One learning of subjects. Immutable; derive variants with <c>with</c>. What is null is as the method usually has it.</summary>
public sealed record LearnRequest
{
    /// <summary>For example <c>lora</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Path of the base model: a folder, or a single file. A host puts the path in place of a name of its catalogue, or of nothing.</summary>
    public string? Model { get; init; }

    /// <summary>Several are learned together, by the methods that can.</summary>
    public required IReadOnlyList<LearnSubject> Subjects { get; init; }

    /// <summary>Folder of the run: a run that was stopped there goes on.</summary>
    public required string Output { get; init; }

    /// <summary>What the method alone lets choose: a record of its own, for example <c>LoraSettings</c>.</summary>
    public LearnSettings? Settings { get; init; }

    /// <summary>Of the optimiser.</summary>
    public long? Steps { get; init; }

    /// <summary>Pictures a step.</summary>
    public int? Batch { get; init; }

    /// <summary>Of the optimiser, above 0.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Pixels a side that pictures are cut to; null: the model's own.</summary>
    public int? Resolution { get; init; }

    /// <summary>Steps between two evaluations; null: a quarter of the way.</summary>
    public long? EvaluateEvery { get; init; }

    /// <summary>Of everything that is drawn.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Pictures of others of each subject's kind, painted by the model itself at first and kept; 0 is none.</summary>
    public int? Prior { get; init; }

    /// <summary>How much they count beside the subject; null: as much.</summary>
    public double? PriorWeight { get; init; }

    /// <summary>The same in every field, subjects one by one.</summary>
    public bool Equals(LearnRequest? other) => other is not null
        && (Method, Model, Output, Settings) == (other.Method, other.Model, other.Output, other.Settings)
        && (Steps, Batch, LearningRate, Resolution, EvaluateEvery) == (other.Steps, other.Batch, other.LearningRate, other.Resolution, other.EvaluateEvery)
        && (Seed, Prior, PriorWeight) == (other.Seed, other.Prior, other.PriorWeight)
        && Subjects.SequenceEqual(other.Subjects);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Method, Model, Output, Settings, Steps, Seed, Subjects.Count);
}
