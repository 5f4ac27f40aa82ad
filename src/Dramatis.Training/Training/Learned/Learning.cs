using Dramatis.Errors;
using Dramatis.Pipelines;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Learned;

/// <summary>Learns subjects from a few pictures, by any method of the catalogue (<see cref="LearnedMethods"/>).</summary>
/// <remarks>
/// A learning that is stopped goes on when the same request is given again, and ends with the same bits on the same machine. What it leaves in
/// <c>model/</c> of its folder is painted as <see cref="LearnedMethod.Painted"/> says.
/// </remarks>
public static class Learning
{
    /// <summary>
    /// Learns on a thread of its own: events in order, <see cref="TrainingFinished"/> the last. Leaving the enumeration early stops the work.
    /// </summary>
    /// <exception cref="DramatisException">The request cannot be done; nothing was learned.</exception>
    public static IAsyncEnumerable<TrainingEvent> RunAsync(LearnRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return EventStream.Of<TrainingEvent>(
            (progress, stop) => EventStream.OnOwnThread(() => Run(request, progress, stop), stop), cancellationToken);
    }

    /// <summary>The same on the caller's thread.</summary>
    /// <exception cref="DramatisException">The request cannot be done; nothing was learned.</exception>
    /// <exception cref="OperationCanceledException">Stopped; it goes on from the last whole step.</exception>
    public static void Run(LearnRequest request, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var trainer = LearnRules.Check(request);
        using var stage = LearnStage.Open(request, trainer, new PaintedPrior(request.Output, request.Seed, progress).Beside, cancellationToken);
        new Trainer(stage, trainer, request.Output).Run(progress, cancellationToken);
    }

    /// <summary>How the subjects of a request are painted once it is done, in their order.</summary>
    /// <exception cref="InvalidRequestException">There is no such method.</exception>
    public static IReadOnlyList<LearnedPainting> Painted(LearnRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var method = LearnedMethods.Find(request.Method);
        return
        [
            .. request.Subjects.Select((subject, i) => method.Painted(
                Path.Combine(request.Output, Trainer.ModelFolder), subject.Kind, method.PhraseOf(subject.Kind, LearnRules.WordOf(subject, i, method)))),
        ];
    }

    /// <summary>What it would take, found out by a few steps; nothing is written.</summary>
    /// <exception cref="DramatisException">The request cannot be done.</exception>
    public static LearnEstimate Estimate(LearnRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var trainer = LearnRules.Check(request);

        // To say how long it takes, any pictures of others do.
        using var stage = LearnStage.Open(
            request, trainer, (lessons, _, _, _) => [.. lessons.Select(lesson => lesson with { Others = lesson.Pictures })], cancellationToken);
        return LearnEstimate.Of(stage, trainer);
    }

    /// <summary>Estimates on a thread of its own.</summary>
    /// <inheritdoc cref="Estimate" path="/exception"/>
    public static async Task<LearnEstimate> EstimateAsync(LearnRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        LearnEstimate? estimate = null;
        await EventStream.OnOwnThread(() => estimate = Estimate(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return estimate!;
    }
}
