using Dramatis.Studio.Service;
using Microsoft.AspNetCore.Components.Authorization;

namespace Dramatis.Studio.Work;

/// <summary>Who works here, and with which service.</summary>
public sealed class StudioSession(IWorkshops workshops, AuthenticationStateProvider users)
{
    private IWorkshop? workshop;

    /// <summary>Once <see cref="OpenAsync"/> has come back.</summary>
    public IWorkshop Workshop => workshop ?? throw new InvalidOperationException("the layout opens the session first");

    /// <summary>The name that everything is kept under.</summary>
    public string? User { get; private set; }

    /// <summary>Whether somebody has logged in, and can log out.</summary>
    public bool HasKey { get; private set; }

    public async Task OpenAsync()
    {
        if (workshop is not null)
        {
            return;
        }

        var user = (await users.GetAuthenticationStateAsync()).User;
        (User, HasKey) = (user.Identity?.Name, user.HasClaim(claim => claim.Type == "key"));
        workshop = workshops.Of(User);
    }
}
