namespace Dramatis.Checkpoints.Kinds;

/// <summary>Something to say of a checkpoint, for example <c>rank</c> and <c>4</c>.</summary>
public readonly record struct CheckpointFact(string Name, string Value);

/// <summary>What a file of weights is, what there is to say of it, and what in it does not belong there.</summary>
/// <param name="Kind">Null when the names are of no kind known here.</param>
/// <param name="Unknown">Names that no file of its kind has, sorted; null when all names of the kind are not known here.</param>
public sealed record CheckpointReport(CheckpointKind? Kind, IReadOnlyList<CheckpointFact> Facts, IReadOnlyList<string>? Unknown)
{
    // The first that covers a file counts, so that a kind stands before those whose names it contains.
    private static readonly KindRule[] Rules = [.. AdapterKinds.All, .. LoraKinds.All, .. ModelKinds.All, .. WordKinds.All];

    /// <summary>Looks at names and shapes, and at single numbers; no weights are read.</summary>
    internal static CheckpointReport Of(TensorArchive archive)
    {
        if (Training(archive) is { } training)
        {
            return new(training, [], null);
        }

        var rule = RuleOf(archive);
        return rule is null ? new(null, [], null) : new(
            rule.ToKind(archive),
            [.. from fact in rule.Facts let value = fact.Measure(archive) where value is not null select new CheckpointFact(fact.Name, value)],
            rule.IsName is not { } isName ? null : [.. archive.Tensors.Keys.Where(name => !isName(name)).Order(StringComparer.Ordinal)]);
    }

    internal static KindRule? RuleOf(TensorArchive archive) => Array.Find(Rules, rule => rule.Covers(archive));

    // Trainings of Dramatis hold networks under names of their own, and say so.
    internal static CheckpointKind? Training(TensorArchive archive) =>
        archive.Metadata.TryGetValue("stage", out var stage) && archive.Metadata.TryGetValue("step", out var step)
            ? new($"training of Dramatis, to go on from (stage {stage}, step {step})", CheckpointType.Other)
            : null;
}
