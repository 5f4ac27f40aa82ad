using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>How far a denoiser is off, on the subject and on others of its kind.</summary>
/// <param name="Subject">A scalar.</param>
/// <param name="Class">A scalar, or null for a batch without rows of others.</param>
internal sealed record LearningLoss(Tensor Subject, Tensor? Class)
{
    /// <summary>What a method adds.</summary>
    public IReadOnlyList<LearningTerm> Terms { get; init; } = [];

    /// <summary>The loss with prior preservation, Ruiz et al. (2023), equation 2, and what the method adds.</summary>
    public Tensor Total(double priorWeight) => Terms.Aggregate(
        Class is null ? Subject.alias() : Subject + (priorWeight * Class), (sum, term) => sum + (term.Weight * term.Value));

    /// <summary>Means of squared errors; cells that a mask leaves out do not count.</summary>
    /// <param name="errors">Squared errors (B, C, h, w) of a batch.</param>
    /// <param name="weights">What each of the subject's rows counts (S); null counts all alike.</param>
    public static LearningLoss Of(Tensor errors, DenoisingBatch batch, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        var rows = OfSubject(errors, batch);
        var means = batch.Masks is { } masks
            ? (rows.mean([1], keepdim: true) * masks).sum([1, 2, 3]) / masks.sum([1, 2, 3]).clamp_min(1)
            : rows.mean([1, 2, 3]);                                                                    // (S)
        return new((weights is null ? means : means * weights).mean().MoveToOuterDisposeScope(), OfClass(errors, batch)?.MoveToOuterDisposeScope());
    }

    /// <summary>The subject's squared errors (S, C, h, w).</summary>
    internal static Tensor OfSubject(Tensor errors, DenoisingBatch batch) => errors.narrow(0, 0, batch.Subjects);

    /// <summary>The mean squared error of the rows of others.</summary>
    internal static Tensor? OfClass(Tensor errors, DenoisingBatch batch) =>
        errors.shape[0] == batch.Subjects ? null : errors.narrow(0, batch.Subjects, errors.shape[0] - batch.Subjects).mean();
}

/// <summary>A part of a loss that a method adds.</summary>
/// <param name="Value">A scalar.</param>
internal sealed record LearningTerm(string Name, Tensor Value, double Weight);
