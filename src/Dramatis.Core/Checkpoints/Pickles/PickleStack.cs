namespace Dramatis.Checkpoints.Pickles;

/// <summary>The values on which a pickle works, with marks between them, and those it remembers.</summary>
internal sealed class PickleStack
{
    private readonly List<PickleValue> values = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<long, PickleValue> memory = [];

    public PickleValue Top => values.Count > Floor ? values[^1] : throw Empty();

    // What lies below the last mark is out of reach.
    private int Floor => marks.Count > 0 ? marks[^1] : 0;

    public void Push(PickleValue value) => values.Add(value);

    public PickleValue Pop()
    {
        var top = Top;
        values.RemoveAt(values.Count - 1);
        return top;
    }

    public T Pop<T>(string what)
        where T : PickleValue => Pop() as T ?? throw new PickleException($"has something else where {what} must be");

    /// <summary>The last so many values, oldest first.</summary>
    public List<PickleValue> Pop(int count)
    {
        if (values.Count - Floor < count)
        {
            throw Empty();
        }

        var popped = values[^count..];
        values.RemoveRange(values.Count - count, count);
        return popped;
    }

    public void Mark() => marks.Add(values.Count);

    /// <summary>All values since the last mark, oldest first; the mark goes too.</summary>
    public List<PickleValue> PopToMark()
    {
        if (marks.Count == 0)
        {
            throw new PickleException("closes a group that it never opened");
        }

        var popped = values[marks[^1]..];
        values.RemoveRange(marks[^1], popped.Count);
        marks.RemoveAt(marks.Count - 1);
        return popped;
    }

    public void Remember(long slot) => memory[slot] = Top;

    public void Remember() => Remember(memory.Count);

    public void Recall(long slot) => Push(memory.TryGetValue(slot, out var value)
        ? value
        : throw new PickleException($"recalls slot {slot}, which it never filled"));

    private static PickleException Empty() => new("takes more values than it has");
}
