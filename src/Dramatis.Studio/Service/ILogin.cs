using Microsoft.AspNetCore.Http;

namespace Dramatis.Studio.Service;

/// <summary>Lets browsers in and out.</summary>
public interface ILogin
{
    /// <returns>False for what is no key, or no longer.</returns>
    Task<bool> EnterAsync(HttpContext context, string? key);

    Task LeaveAsync(HttpContext context);
}
