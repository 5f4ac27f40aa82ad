using Dramatis.Errors;

namespace Dramatis.Server.Api;

/// <summary>The service does not do what it is asked for.</summary>
/// <param name="status">Of HTTP: 404, 409, 413, 422 or 429.</param>
/// <param name="field">What is at fault, as the request names it; empty for none.</param>
/// <param name="problem">What is wrong and how to mend it.</param>
internal sealed class RefusedException(int status, string field, string problem, TimeSpan? retryAfter = null)
    : DramatisException(field.Length > 0 ? $"{field}: {problem}" : problem)
{
    public int Status { get; } = status;

    public string Field { get; } = field;

    /// <summary>When to ask again.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>What is said of another's, and of what is not there.</summary>
    public static RefusedException NotFound(string kind, string id) => new(StatusCodes.Status404NotFound, "id", $"there is no {kind} {id}.");
}
