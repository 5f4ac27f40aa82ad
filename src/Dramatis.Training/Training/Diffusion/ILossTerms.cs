namespace Dramatis.Training.Diffusion;

/// <summary>A session that adds to the loss, for example how well its subjects' attention fits their places.</summary>
/// <remarks>
/// Its hooks read the pass; then it is asked. What a probe (<see cref="Conditioning.ConditioningSession.ProbeAt"/>) is shown has gradients, with
/// gradient checkpointing too: layers that are probed are not computed again. What other hooks see there has none, and is refused.
/// </remarks>
internal interface ILossTerms
{
    /// <summary>What it adds for the pass that has just been made. The values belong to the caller.</summary>
    IReadOnlyList<LossPart> Terms();
}
