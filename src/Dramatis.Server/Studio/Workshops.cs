using System.Diagnostics;
using Dramatis.Studio.Service;

namespace Dramatis.Server.Studio;

/// <summary>Opens the service for the studio's pages.</summary>
internal sealed class Workshops(IServiceProvider parts) : IWorkshops
{
    public IWorkshop Of(string? user) => ActivatorUtilities.CreateInstance<Workshop>(parts, user ?? throw new UnreachableException("Pages are for those who have logged in."));
}
