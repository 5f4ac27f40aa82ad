using System.Text.Json;

namespace Dramatis.Requests;

/// <summary>A value that is no request's. The reader of JSON adds where it stands.</summary>
/// <param name="problem">Null: it is of the wrong kind.</param>
/// <param name="part">The part of the value that is at fault, for example <c>[2]</c>.</param>
internal sealed class RefusedValueException(string? problem, string part = "") : JsonException(problem)
{
    public string? Problem { get; } = problem;

    public string Part { get; } = part;

    /// <summary>A list of another number of numbers than belong there.</summary>
    /// <param name="form">How it is written.</param>
    public static RefusedValueException OfCount(int numbers, string form) => new($"has {numbers} {(numbers == 1 ? "number" : "numbers")}; write {form}.");
}
