namespace Dramatis.Errors;

/// <summary>A computation gave infinity or what is no number, and there is no picture.</summary>
/// <param name="what">Where it was first seen.</param>
/// <param name="cure">What causes it and what helps.</param>
public sealed class NotFiniteException(string what, string cure)
    : DramatisException($"{what}: it holds values that are not finite numbers: {cure}")
{
    /// <summary>What became infinite or not a number.</summary>
    public string What { get; } = what;
}
