namespace Dramatis.Errors;

/// <summary>A request asks for something that cannot be done.</summary>
/// <param name="field">The field as the JSON spells it, for example <c>subjects[1].place</c>.</param>
/// <param name="problem">What is wrong with its value and how to mend it.</param>
public sealed class InvalidRequestException(string field, string problem) : DramatisException($"{field}: {problem}")
{
    /// <summary>The field at fault by its path, for example <c>subjects[1].place</c>.</summary>
    public string Field { get; } = field;

    /// <summary>What is wrong with its value and how to mend it.</summary>
    public string Problem { get; } = problem;

    /// <summary>What is thrown where a name is none of those that there are.</summary>
    internal static InvalidRequestException Unknown(string field, string? name, IEnumerable<string> known) =>
        new(field, $"\"{name}\" {Spelling.Unknown(name ?? "", [.. known])}");

    /// <summary>Throws unless something holds.</summary>
    /// <exception cref="InvalidRequestException">It does not.</exception>
    public static void ThrowUnless(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw new InvalidRequestException(field, problem);
        }
    }
}
