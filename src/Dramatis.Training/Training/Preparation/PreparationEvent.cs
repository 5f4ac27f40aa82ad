namespace Dramatis.Training.Preparation;

/// <summary>Why something became no record.</summary>
public enum SkipReason
{
    /// <summary>There is no caption.</summary>
    NoCaption,
    /// <summary>The picture cannot be read.</summary>
    UnreadablePicture,
    /// <summary>The caption names nothing that could be looked for.</summary>
    NoPhrase,
    /// <summary>Nothing of the caption was found in the picture.</summary>
    NothingFound,
    /// <summary>No two pictures show the same subject.</summary>
    NoMatch,
}

/// <summary>What happens while data is prepared.</summary>
/// <param name="Done">Items done so far, in this run and before.</param>
/// <param name="Count">Items in all.</param>
public abstract record PreparationEvent(string Item, int Done, int Count);

/// <summary>An item became a record.</summary>
public sealed record ItemPrepared(string Item, int Done, int Count, int Subjects) : PreparationEvent(Item, Done, Count);

/// <summary>An item became none.</summary>
public sealed record ItemSkipped(string Item, int Done, int Count, SkipReason Reason, string Problem) : PreparationEvent(Item, Done, Count);

/// <summary>What came of it all.</summary>
/// <param name="File">The data set.</param>
/// <param name="Skipped">How many items became no record, by what was wrong with them.</param>
public sealed record PreparationSummary(string File, int Items, int Records, int Subjects, IReadOnlyDictionary<SkipReason, int> Skipped);
