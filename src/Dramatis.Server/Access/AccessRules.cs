using System.Security.Claims;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Dramatis.Server.Access;

/// <summary>Whoever asks has a key, wherever a route does not say otherwise.</summary>
internal static class AccessRules
{
    /// <summary>The policy of routes for admins.</summary>
    public const string Admins = "admins";

    private const string TokenHeader = "X-CSRF-Token";

    private static readonly TimeSpan SessionLasts = TimeSpan.FromDays(30);
    private static readonly TimeSpan KeyLooks = TimeSpan.FromSeconds(1);    // of answers that take their time

    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<KeyStore>();
        services.AddDataProtection().SetApplicationName(nameof(Dramatis));
        services.AddOptions<KeyManagementOptions>().Configure<FactStore>((options, facts) => options.XmlRepository = new Seals(facts));
        services.AddAuthentication(KeyHandler.Name)
            .AddScheme<AuthenticationSchemeOptions, KeyHandler>(KeyHandler.Name, null)
            .AddCookie(KeyHandler.Session, options =>
            {
                Harden(options.Cookie, KeyHandler.Cookie);
                options.ExpireTimeSpan = SessionLasts;
            });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Admins, policy => policy.RequireRole(nameof(KeyRole.Admin)));
        services.AddAntiforgery(options =>
        {
            options.HeaderName = TokenHeader;
            Harden(options.Cookie, $"{KeyHandler.Cookie}-form");
        });
    }

    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(GuardSessionAsync);
        app.Use(WatchKeyAsync);
    }

    private static void Harden(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }

    // What a browser sends by itself is no proof that its user wants it. The studio's own connection has its rules from Blazor.
    private static async Task GuardSessionAsync(HttpContext context, RequestDelegate next)
    {
        var isGuarded = context.User.Identity?.AuthenticationType == KeyHandler.Session
            && (context.Request.Path.StartsWithSegments("/v1") || context.Request.Path.StartsWithSegments("/sdapi"))
            && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null;
        if (isGuarded && !await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            await TypedResults.Problem(
                $"{TokenHeader}: is missing or old; GET /v1/session says what to send there.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    // A key that is revoked ends what is being answered too: events, and whoever waits for a picture.
    private static async Task WatchKeyAsync(HttpContext context, RequestDelegate next)
    {
        var answer = next(context);
        if (context.User.FindFirstValue(KeyHandler.KeyId) is { } key)
        {
            var keys = context.RequestServices.GetRequiredService<KeyStore>();
            while (!answer.IsCompleted && await Task.WhenAny(answer, Task.Delay(KeyLooks, CancellationToken.None)) != answer)
            {
                if (await keys.LiveAsync(key, CancellationToken.None) is null)
                {
                    context.Abort();
                    break;
                }
            }
        }

        await answer;
    }
}
