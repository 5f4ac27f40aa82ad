namespace Dramatis.Server.Api;

/// <summary>Whose request it is.</summary>
internal static class Owners
{
    /// <summary>Everyone who asks without a key, which only programs on this machine may.</summary>
    public const string Local = "local";

    public static string Owner(this HttpContext context) => context.User.Identity?.Name ?? Local;
}
