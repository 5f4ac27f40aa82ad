using System.Collections;
using System.Runtime.CompilerServices;

namespace Dramatis.Requests;

/// <summary>A list that equals another with the same items, so that the records which hold it need no word of their own on that.</summary>
/// <param name="property">Which property it is set to: what is told of a null.</param>
internal sealed class ValueList<T>(IEnumerable<T> items, [CallerMemberName] string property = "") : IReadOnlyList<T>
{
    private readonly T[] items = [.. items ?? throw new ArgumentNullException(property)];

    public static ValueList<T> Empty { get; } = new([]);

    public int Count => items.Length;

    public T this[int index] => items[index];

    public IEnumerator<T> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    public override bool Equals(object? other) => other is ValueList<T> list && items.SequenceEqual(list.items);

    public override int GetHashCode() => items.Aggregate(items.Length, HashCode.Combine);
}
