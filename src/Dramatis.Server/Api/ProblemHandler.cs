using System.Globalization;
using Dramatis.Errors;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Dramatis.Server.Api;

/// <summary>Errors as RFC 9457 has them, with the field at fault beside the text.</summary>
internal sealed class ProblemHandler : IExceptionHandler
{
    private const int ClientGone = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientGone;
            return true;
        }

        if (ServiceError.Of(exception) is not { } error)
        {
            return false;
        }

        context.Response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var problem = new ProblemDetails { Status = error.Status, Detail = error.Detail };
        if (error.Field is { Length: > 0 } field)
        {
            problem.Extensions["field"] = field;
        }

        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = context, ProblemDetails = problem });
        return true;
    }
}

/// <summary>An error as clients are told of it.</summary>
internal sealed record ServiceError(int Status, string? Field, string Detail, TimeSpan? RetryAfter = null)
{
    /// <summary>Null for what no client can mend.</summary>
    public static ServiceError? Of(Exception exception) => exception switch
    {
        RefusedException refused => new(refused.Status, refused.Field, refused.Message, refused.RetryAfter),
        InvalidRequestException wrong => new(StatusCodes.Status422UnprocessableEntity, wrong.Field, wrong.Message),
        UnreadablePictureException unreadable => new(StatusCodes.Status422UnprocessableEntity, unreadable.Name, unreadable.Message),
        ModelNotFoundException missing => new(StatusCodes.Status404NotFound, "model", missing.Message),
        BadHttpRequestException bad => new(bad.StatusCode, null, bad.Message),
        InvalidDataException bad => new(StatusCodes.Status400BadRequest, null, bad.Message),    // malformed forms
        _ => null,
    };
}
