using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;

namespace Dramatis.Server.Access;

/// <summary>Says whose request it is: by the key in its header, by the cookie of a browser that logged in with one, or the one local owner's.</summary>
internal sealed class KeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyStore keys, Doorway door)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "key";

    /// <summary>The owner of all as long as there has been no key, when programs on this machine alone may ask.</summary>
    public const string Local = "local";

    /// <summary>What a browser holds that logged in.</summary>
    public const string Cookie = "dramatis";

    /// <summary>Of browsers that logged in.</summary>
    public const string Session = "session";

    /// <summary>The part of the key that is no secret.</summary>
    public const string KeyId = "key";

    private string Problem => Sent() is null && !Request.Cookies.ContainsKey(Cookie)
        ? "is missing: send 'Authorization: Bearer KEY' with a key that 'dramatis keys add NAME' made."
        : "is no key of this service, or has been revoked; 'dramatis keys add NAME' makes one.";

    /// <summary>Who asks with a key.</summary>
    /// <param name="scheme">How the key came.</param>
    public static ClaimsPrincipal Holder(KeyRow key, string scheme) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, key.Name), new(ClaimTypes.Role, key.Role.ToString()), new(KeyId, key.Id)], scheme));

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var stop = Context.RequestAborted;
        if (door.IsLocal && !await keys.AnyAsync(live: false, stop))
        {
            return Welcome(new(new ClaimsIdentity([new(ClaimTypes.Name, Local), new(ClaimTypes.Role, nameof(KeyRole.Admin))], Name)));
        }

        if (Sent() is { } sent)
        {
            return await keys.FindAsync(sent, stop) is { } key ? Welcome(Holder(key, Name)) : AuthenticateResult.Fail(Problem);
        }

        var session = await Context.AuthenticateAsync(Session);
        return session.Principal?.FindFirstValue(KeyId) is not { } id ? AuthenticateResult.NoResult()
            : await keys.LiveAsync(id, stop) is { } holder ? Welcome(Holder(holder, Session))
            : AuthenticateResult.Fail(Problem);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            Response.Redirect("/login");    // a page, for people
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return RefuseAsync(StatusCodes.Status401Unauthorized, "Authorization", Problem, "invalid_api_key");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        RefuseAsync(StatusCodes.Status403Forbidden, "", "that is for keys of the role admin; 'dramatis keys add NAME --role admin' makes one.", "forbidden");

    // Nobody has said yet which API he speaks: the answer has what OpenAI's clients look for beside the problem.
    private Task RefuseAsync(int status, string field, string problem, string code)
    {
        Response.StatusCode = status;
        var detail = field.Length > 0 ? $"{field}: {problem}" : problem;
        return TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?>
        {
            ["field"] = field,
            ["error"] = new Dictionary<string, string> { ["message"] = detail, ["type"] = "invalid_request_error", ["code"] = code },
        }).ExecuteAsync(Context);
    }

    private static AuthenticateResult Welcome(ClaimsPrincipal principal) => AuthenticateResult.Success(new(principal, Name));

    // AUTOMATIC1111's clients know names and passwords only.
    private string? Sent()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header))
        {
            return null;
        }

        return header.Scheme.ToUpperInvariant() switch
        {
            "BASIC" => PasswordOf(header.Parameter),
            _ => header.Parameter ?? "",
        };
    }

    private static string PasswordOf(string? parameter)
    {
        var bytes = new byte[parameter?.Length ?? 0];
        return Convert.TryFromBase64String(parameter ?? "", bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2)[^1]
            : "";
    }
}
