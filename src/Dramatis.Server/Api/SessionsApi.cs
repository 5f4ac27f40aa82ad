using Dramatis.Server.Access;
using Dramatis.Server.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace Dramatis.Server.Api;

/// <summary>What a browser logs in with.</summary>
internal sealed record LoginOrder(string Key);

/// <summary>Who is asking.</summary>
/// <param name="CsrfToken">What a browser sends as <c>X-CSRF-Token</c> with all that changes something.</param>
internal sealed record SessionView(string Owner, string Role, string CsrfToken);

/// <summary>Browsers log in with a key, and hold a cookie that no script can read.</summary>
internal static class SessionsApi
{
    private const string Route = "/v1/session";

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Route, async (HttpContext context, KeyStore keys, IAntiforgery antiforgery, LoginOrder order) =>
            await BeginAsync(context, keys, order.Key) is { } key
                ? View(context, antiforgery)
                : throw new RefusedException(StatusCodes.Status401Unauthorized, "key", "is no key of this service, or has been revoked."))
            .WithName("login").WithSummary("Logs a browser in with a key: a cookie stands for it from then on.").AllowAnonymous();
        routes.MapGet(Route, (HttpContext context, IAntiforgery antiforgery) => View(context, antiforgery))
            .WithName("session").WithSummary("Who asks, and what a browser sends as X-CSRF-Token with all that changes something.");
        routes.MapDelete(Route, async (HttpContext context) =>
        {
            await context.SignOutAsync(KeyHandler.Session);
            return TypedResults.NoContent();
        }).WithName("logout").WithSummary("Logs a browser out.");
    }

    /// <summary>Logs a browser in.</summary>
    /// <returns>Null for what is no key, or no longer.</returns>
    public static async Task<KeyRow?> BeginAsync(HttpContext context, KeyStore keys, string? key)
    {
        if (await keys.FindAsync(key, context.RequestAborted) is not { } row)
        {
            return null;
        }

        context.User = KeyHandler.Holder(row, KeyHandler.Session);
        await context.SignInAsync(KeyHandler.Session, context.User, new() { IsPersistent = true });
        return row;
    }

    private static SessionView View(HttpContext context, IAntiforgery antiforgery) => new(
        context.Owner(), context.User.IsAdmin() ? "admin" : "user", antiforgery.GetAndStoreTokens(context).RequestToken!);
}
