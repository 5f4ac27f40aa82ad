using Dramatis.Server.Access;
using Dramatis.Server.Api;
using Dramatis.Studio.Service;
using Microsoft.AspNetCore.Authentication;

namespace Dramatis.Server.Studio;

/// <summary>Lets browsers in with a key, as <c>POST /v1/session</c> does.</summary>
internal sealed class Login(KeyStore keys) : ILogin
{
    public async Task<bool> EnterAsync(HttpContext context, string? key) => await SessionsApi.BeginAsync(context, keys, key) is not null;

    public Task LeaveAsync(HttpContext context) => context.SignOutAsync(KeyHandler.Session);
}
