namespace Dramatis.Studio.Stages;

/// <summary>A stage with all stages before it and those that were taken back.</summary>
public sealed class StageHistory
{
    private const int Most = 200;

    private readonly LinkedList<Stage> before = [];
    private readonly Stack<Stage> after = [];
    private string? last;

    public Stage Current { get; private set; } = Stage.Empty;

    public bool CanUndo => before.Count > 0;

    public bool CanRedo => after.Count > 0;

    /// <param name="what">Changes of the same thing one after another are one step: a word that is typed, a slider that is drawn.</param>
    /// <returns>False when nothing has changed.</returns>
    public bool Apply(Stage stage, string? what = null)
    {
        if (stage == Current)
        {
            return false;
        }

        if (what is null || what != last)
        {
            before.AddLast(Current);
        }

        if (before.Count > Most)
        {
            before.RemoveFirst();
        }

        (Current, last) = (stage, what);
        after.Clear();
        return true;
    }

    public bool Undo()
    {
        if (before.Last is not { } earlier)
        {
            return false;
        }

        before.RemoveLast();
        after.Push(Current);
        (Current, last) = (earlier.Value, null);
        return true;
    }

    public bool Redo()
    {
        if (!after.TryPop(out var later))
        {
            return false;
        }

        before.AddLast(Current);
        (Current, last) = (later, null);
        return true;
    }
}
