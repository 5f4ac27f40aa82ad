namespace Dramatis.Server.Api.OpenAi;

/// <summary>Errors of the routes behind it in OpenAI's form, and a name for every answer.</summary>
internal sealed class OpenAiErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = context.HttpContext.Response;
        answer.Headers["x-request-id"] = context.HttpContext.TraceIdentifier;
        try
        {
            return await next(context);
        }
        catch (Exception e) when (ServiceError.Of(e) is { } error && !answer.HasStarted)
        {
            if (error.RetryAfter is { } wait)
            {
                answer.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            return TypedResults.Json(new { error = OpenAiError.Of(error) }, statusCode: error.Status);
        }
    }
}
