using Dramatis.Server.Queue;
using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Api;

/// <summary>Whether the service lives, and whether it would paint.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => "live").WithName("live").WithSummary("Whether the process answers.").AllowAnonymous();
        routes.MapGet("/health/ready", ReadyAsync).WithName("ready").WithSummary("Whether database and a painter answer.").AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(IDbContextFactory<ServiceDb> databases, IGrainFactory grains, CancellationToken stop)
    {
        await using var db = await databases.CreateDbContextAsync(stop);
        return !await db.Database.CanConnectAsync(stop) ? Unready("the database does not answer.")
            : await grains.LookAsync() is not { Painters: > 0 } ? Unready("no painter answers yet.")
            : TypedResults.Text("ready");
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unready(string problem) => TypedResults.Problem(problem, statusCode: StatusCodes.Status503ServiceUnavailable);
}
