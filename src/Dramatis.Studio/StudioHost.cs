using Dramatis.Studio.Components;
using Dramatis.Studio.Components.Paint;
using Dramatis.Studio.Components.Shared;
using Dramatis.Studio.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Dramatis.Studio;

/// <summary>Puts the studio's pages into a service.</summary>
public static class StudioHost
{
    // Styles stand at elements: boxes have places. No script does.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private const int LargestMessage = 256 << 10;    // a long prompt; files come in pieces

    /// <remarks>The service adds its own <see cref="Service.IWorkshops"/>.</remarks>
    public static void AddStudio(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(options => options.MaximumReceiveMessageSize = LargestMessage);
        services.AddCascadingAuthenticationState();
        services.AddMudServices(options => options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter);
        services.AddScoped<StudioSession>();
        services.AddScoped<CastBook>();
        services.AddScoped<StageDesk>();
        services.AddScoped<FileDesk>();
        services.AddScoped<MaskDesk>();
        services.AddScoped<CardDrag>();
        services.AddScoped<JobBoard>();
        services.AddScoped<StudioScript>();
    }

    /// <summary>What pages may do; stands after the rules for all answers.</summary>
    public static void UseStudio(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
            }

            return next(context);
        });
        app.UseAntiforgery();
    }

    public static void MapStudio(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();    // the page to log in on needs them too
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
