using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>The denoising loss with prior preservation (Ruiz et al., 2023, equation 2): on a subject and, with a weight, on others of its kind.</summary>
/// <remarks>Shapes: as in <see cref="DenoisingBatch"/>; squared errors are (B, C, h, w).</remarks>
internal static class SubjectLoss
{
    /// <summary>The part of the rows that show what is learned.</summary>
    public const string Subject = "subject";

    /// <summary>The part of the rows that show others of its kind.</summary>
    public const string Prior = "prior";

    /// <summary>Both parts; of a batch without others the first alone.</summary>
    public static IReadOnlyList<LossPart> Of(Tensor errors, DenoisingBatch batch, double priorWeight) =>
        WithPrior(OfSubject(errors, batch), errors, batch, priorWeight);

    /// <summary>The same, with a mean for the subject that is another.</summary>
    public static IReadOnlyList<LossPart> WithPrior(Tensor subject, Tensor errors, DenoisingBatch batch, double priorWeight) =>
        errors.shape[0] == batch.Subjects
            ? [new(Subject, subject)]
            : [new(Subject, subject), new(Prior, errors.narrow(0, batch.Subjects, errors.shape[0] - batch.Subjects).mean(), priorWeight)];

    /// <summary>The mean over the subject's rows, a scalar; cells that a mask leaves out do not count.</summary>
    /// <param name="weights">What each of these rows counts (S); null counts all alike.</param>
    public static Tensor OfSubject(Tensor errors, DenoisingBatch batch, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        var rows = Rows(errors, batch);
        var means = batch.Masks is { } masks
            ? (rows.mean([1], keepdim: true) * masks).sum([1, 2, 3]) / masks.sum([1, 2, 3]).clamp_min(1)
            : rows.mean([1, 2, 3]);                                                                    // (S)
        return (weights is null ? means : means * weights).mean().MoveToOuterDisposeScope();
    }

    /// <summary>The subject's rows (S, C, h, w).</summary>
    internal static Tensor Rows(Tensor errors, DenoisingBatch batch) => errors.narrow(0, 0, batch.Subjects);
}
