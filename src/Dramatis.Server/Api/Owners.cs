using System.Diagnostics;
using System.Security.Claims;
using Dramatis.Server.Settings;

namespace Dramatis.Server.Api;

/// <summary>Whose request it is. Nobody sees or changes what is another's.</summary>
internal static class Owners
{
    public static string Owner(this HttpContext context) => context.User.Owner();

    /// <summary>Also of whom the studio serves.</summary>
    public static string Owner(this ClaimsPrincipal user) => user.Identity?.Name ?? throw new UnreachableException("A route without a key has no owner.");

    public static bool IsAdmin(this ClaimsPrincipal user) => user.IsInRole(nameof(KeyRole.Admin));

    /// <summary>Whose jobs in the queue somebody looks after: one's own, or as an admin everybody's, which is null.</summary>
    public static string? Charge(this HttpContext context) => context.User.IsAdmin() ? null : context.Owner();
}
