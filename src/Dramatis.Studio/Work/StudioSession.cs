using Dramatis.Studio.Service;
using Microsoft.AspNetCore.Components.Authorization;

namespace Dramatis.Studio.Work;

/// <summary>Who works here, and with which service.</summary>
public sealed class StudioSession(IWorkshops workshops, AuthenticationStateProvider users)
{
    private IWorkshop? workshop;

    /// <summary>Once <see cref="OpenAsync"/> has come back.</summary>
    public IWorkshop Workshop => workshop ?? throw new InvalidOperationException("the layout opens the session first");

    public async Task OpenAsync() => workshop ??= workshops.Of((await users.GetAuthenticationStateAsync()).User.Identity?.Name);
}
