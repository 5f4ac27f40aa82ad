namespace Dramatis.Server.Api.OpenAi;

/// <summary>An error as OpenAI's clients read it.</summary>
internal sealed record OpenAiError(string Message, string Type, string? Param, string? Code)
{
    public static OpenAiError Of(ServiceError error) => new(
        error.Detail,
        error.Status == StatusCodes.Status429TooManyRequests ? "rate_limit_error" : error.Status >= 500 ? "server_error" : "invalid_request_error",
        error.Field is { Length: > 0 } field ? field : null,
        error.Status == StatusCodes.Status404NotFound ? "not_found" : null);
}
